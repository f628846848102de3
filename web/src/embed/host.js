// For the page around framed labs: gives each frame the height of its content.
addEventListener('message', ({ source, data }) => {
  if (data?.type !== 'linreg-lab:resize' || !(data.height > 0 && data.height < 20000)) return;
  for (const frame of document.querySelectorAll('iframe')) {
    if (frame.contentWindow !== source) continue; // another frame, or no frame of this page
    const { boxSizing, paddingTop, paddingBottom } = getComputedStyle(frame);
    const around = frame.offsetHeight - frame.clientHeight + parseFloat(paddingTop) + parseFloat(paddingBottom);
    frame.style.height = `${Math.ceil(data.height) + (boxSizing === 'border-box' ? around : 0)}px`;
  }
});
// A frame that was ready before this script says its height once more.
for (const frame of document.querySelectorAll('iframe')) {
  frame.contentWindow?.postMessage({ type: 'linreg-lab:hello' }, '*');
}
