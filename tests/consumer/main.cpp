// Trains the notebook's model and prints what it learnt.
#include <cmath>
#include <cstdio>
#include <linreg/trainer.hpp>

int main() {
  auto trainer = linreg::Trainer::create({.seed = 42});
  if (!trainer) {
    std::puts(trainer.error().message().c_str());
    return 1;
  }
  trainer->train();
  const linreg::Linear model = trainer->parameters();
  std::printf("w = [%.4f, %.4f], b = %.4f\n", model.weight[0], model.weight[1], model.bias);
  const bool learnt = std::abs(model.weight[0] - 2.0F) < 0.01F && std::abs(model.weight[1] + 3.4F) < 0.01F &&
                      std::abs(model.bias - 4.2F) < 0.01F;
  return learnt ? 0 : 1;
}
