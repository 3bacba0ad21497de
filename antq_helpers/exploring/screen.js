// The browser's side of an explorer: shows the picture, saves files, guards the keyboard.
function render({ model, el }) {
  const leave = new AbortController();
  const image = document.createElement("img");
  image.className = "antq-picture";
  image.style.maxWidth = "100%";
  // The box keeps the shape of two panels at any width, so what stands below does not jump.
  const box = document.createElement("div");
  box.style.maxWidth = `${model.get("width")}px`;
  box.style.aspectRatio = `${model.get("width")} / ${model.get("height")}`;
  box.appendChild(image);
  el.appendChild(box);

  let address;
  const show = () => {
    const before = address;
    address = URL.createObjectURL(new Blob([model.get("png")], { type: "image/png" }));
    // The old picture stays until the new one is there, so nothing blinks.
    image.onload = () => before && URL.revokeObjectURL(before);
    image.src = address;
    image.alt = model.get("alt");
  };
  model.on("change:png", show);
  show();

  const save = (message, buffers) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(buffers, { type: message.type }));
    link.download = message.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  model.on("msg:custom", save);

  // JupyterLab's command shortcuts reach through to a focused list: "x" would cut the cell. They
  // spare the focused element where it says so itself.
  const guard = () => {
    const explorer = el.closest(".antq-explorer");
    if (!explorer) {
      if (!leave.signal.aborted) requestAnimationFrame(guard);
      return;
    }
    const spare = (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true");
    explorer.addEventListener("focusin", spare, { signal: leave.signal });
    // A click on the picture or a gap makes the explorer itself the focused element.
    explorer.tabIndex = -1;
    explorer.style.outline = "none";
    const take = (event) => {
      if (!event.target.closest("input, select, button, [tabindex='0']")) {
        setTimeout(() => explorer.focus({ preventScroll: true }));
      }
    };
    explorer.addEventListener("pointerup", take, { signal: leave.signal });
  };
  guard();

  return () => {
    leave.abort();
    model.off("change:png", show);
    model.off("msg:custom", save);
    URL.revokeObjectURL(address);
  };
}

export default { render };
