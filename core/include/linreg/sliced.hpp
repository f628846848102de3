// Long computations in slices, so that whoever runs them can show something, or stop, in between.
#pragma once

#include <coroutine>
#include <cstdlib>
#include <optional>
#include <utility>

namespace linreg {

/// In a Sliced computation `co_await Work{flops}` says what was computed since the last time; it pauses there when the
/// slice is used up.
struct Work {
  double flops = 0.0;
};

/// `co_await Ahead{flops}` says how much is still to come, for progress().
struct Ahead {
  double flops = 0.0;
};

/// What computations that await each other share: which of them runs, and how much.
struct Schedule {
  std::coroutine_handle<> innermost;  // none when all are done
  double left = 0.0;                  // flops of the slice
  double done = 0.0;                  // flops in all
  double expected = 0.0;
};

/// A coroutine that computes a T and pauses between slices. It begins with the first call of run. Computations nest:
/// `co_await part` runs another one within the slices of the one that awaits it, and gives its result. Throwing one away
/// half done frees what it holds. How it is sliced changes no bit of the result.
template <class T>
class Sliced {
 public:
  class promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  Sliced(Sliced&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Sliced& operator=(Sliced&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Sliced() {
    if (handle_) handle_.destroy();
  }

  /// Goes on for about `flops` floating-point operations; returns whether all is done.
  bool run(double flops) {
    Schedule& schedule = handle_.promise().own_;
    schedule.left = flops;
    while (schedule.innermost && schedule.left > 0.0) schedule.innermost.resume();
    return !schedule.innermost;
  }
  /// From 0 to 1, which it reaches when all is done.
  [[nodiscard]] double progress() const noexcept {
    const Schedule& schedule = handle_.promise().own_;
    if (!schedule.innermost) return 1.0;
    return schedule.done < schedule.expected ? schedule.done / schedule.expected * 0.99 : 0.99 * (schedule.done > 0.0);
  }
  /// Valid, once, when done.
  [[nodiscard]] T take() { return std::move(*handle_.promise().result_); }
  /// For who awaits it.
  [[nodiscard]] Handle handle() const noexcept { return handle_; }
  /// All of it at once.
  [[nodiscard]] T finish() {
    while (!run(1e9)) {
    }
    return take();
  }

 private:
  explicit Sliced(Handle handle) noexcept : handle_(handle) {}

  Handle handle_;
};

template <class T>
class Sliced<T>::promise_type {
  struct Pause {
    bool go_on;
    bool await_ready() noexcept { return go_on; }
    void await_suspend(std::coroutine_handle<>) noexcept {}
    void await_resume() noexcept {}
  };
  struct Finish {
    bool await_ready() noexcept { return false; }
    void await_suspend(Handle finished) noexcept {
      promise_type& promise = finished.promise();
      promise.schedule_->innermost = promise.awaited_by_;
    }
    void await_resume() noexcept {}
  };
  template <class U>
  struct Part {
    Sliced<U>& part;
    bool await_ready() noexcept { return false; }
    void await_suspend(Handle whole) noexcept { part.handle().promise().run_within(*whole.promise().schedule_, whole); }
    U await_resume() { return part.take(); }
  };

 public:
  promise_type() { own_.innermost = Handle::from_promise(*this); }
  promise_type(const promise_type&) = delete;
  promise_type& operator=(const promise_type&) = delete;

  Sliced get_return_object() noexcept { return Sliced(Handle::from_promise(*this)); }
  std::suspend_always initial_suspend() noexcept { return {}; }
  Finish final_suspend() noexcept { return {}; }
  void return_value(T value) { result_ = std::move(value); }
  void unhandled_exception() noexcept { std::abort(); }

  Pause await_transform(Work work) noexcept {
    schedule_->left -= work.flops;
    schedule_->done += work.flops;
    return {schedule_->left > 0.0};
  }
  Pause await_transform(Ahead ahead) noexcept {
    schedule_->expected = schedule_->done + ahead.flops;
    return {true};
  }
  template <class U>
  Part<U> await_transform(Sliced<U>& part) noexcept {
    return {part};
  }
  void run_within(Schedule& schedule, std::coroutine_handle<> whole) noexcept {
    schedule_ = &schedule;
    awaited_by_ = whole;
    schedule.innermost = Handle::from_promise(*this);
  }

 private:
  friend class Sliced;

  Schedule own_;
  Schedule* schedule_ = &own_;  // the outermost computation's
  std::coroutine_handle<> awaited_by_;
  std::optional<T> result_;
};

}  // namespace linreg
