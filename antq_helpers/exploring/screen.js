// The browser's side of an explorer: shows the picture, saves files, guards the keyboard.
function render({ model, el }) {
  const leave = new AbortController();
  // The box keeps the shape of two panels at any width, so what stands below does not jump.
  const box = document.createElement("div");
  box.style.maxWidth = `${model.get("width")}px`;
  box.style.aspectRatio = `${model.get("width")} / ${model.get("height")}`;
  const stopped = make("p", el, { role: "alert", class: "antq-stopped", hidden: "" });
  el.appendChild(box);

  let picture;
  const show = () => {
    const chart = model.get("chart");
    if (!chart.spec) return;
    if (!library) useLibrary(new Promise((found) => {
      const take = (message) => {
        if (!message.library) return;
        model.off("msg:custom", take);
        found(message.library);
      };
      model.on("msg:custom", take);
      model.send({ library: true });
    }));
    picture ??= livePicture(box, {
      click: (name) => model.send({ click: name }),
      zoom: (...ends) => model.send({ zoom: ends.length ? ends : null }),
    });
    picture.show(chart, model.get("lit"));
  };
  // JupyterLab tells when the program behind the controls is gone; they would just not answer.
  const tellState = () => setTimeout(() => {
    stopped.hidden = !el.closest(".jupyter-widgets-disconnected");
    stopped.textContent = stopped.hidden ? "" : model.get("chart").stopped ?? "";
  });
  const light = () => picture?.light(model.get("lit"));
  model.on("change:chart", show);
  model.on("change:lit", light);
  model.on("comm_live_update", tellState);
  show();

  const hear = (message, buffers) => {
    if (message.bring) setTimeout(() => {
      const part = el.closest(".antq-explorer")?.querySelector(message.bring);
      part?.scrollIntoView({ block: "nearest" });
    }, 150);
    if (!message.name) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(buffers, { type: message.type }));
    link.download = message.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  model.on("msg:custom", hear);

  // What widgets leave without a name or a voice: years of sliders, and texts that change.
  const tell = (explorer) => {
    const put = (part, name, value) => {
      if (part.getAttribute(name) !== value) part.setAttribute(name, value);
    };
    for (const slider of explorer.querySelectorAll(".widget-hslider")) {
      const years = slider.querySelector(".widget-readout")?.textContent.match(/\d{4}/g) ?? [];
      const label = slider.querySelector(".widget-label")?.textContent;
      slider.querySelectorAll(".noUi-handle").forEach((handle, i) => {
        put(handle, "aria-label", `${label} ${i ? "→" : "←"}`);
        put(handle, "aria-valuetext", years[i] ?? years[0] ?? "");
      });
    }
    for (const part of explorer.querySelectorAll(".antq-told .widget-html-content")) {
      put(part, "role", "status");
    }
    for (const part of explorer.querySelectorAll(".antq-wide, .widget-html[style*=auto]")) {
      put(part, "tabindex", "0"); // what scrolls can be reached by keyboard
    }
  };

  // JupyterLab's command shortcuts reach through to a focused list: "x" would cut the cell. They
  // spare the focused element where it says so itself.
  const guard = () => {
    const explorer = el.closest(".antq-explorer");
    if (!explorer) {
      if (!leave.signal.aborted) requestAnimationFrame(guard);
      return;
    }
    const { signal } = leave;
    const spare = (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true");
    explorer.addEventListener("focusin", spare, { signal });
    // A click on the picture or a gap makes the explorer itself the focused element.
    explorer.tabIndex = -1;
    explorer.style.outline = "none";
    const take = (event) => {
      if (!event.target.closest("input, select, button, [tabindex='0']")) {
        setTimeout(() => explorer.focus({ preventScroll: true }));
      }
    };
    explorer.addEventListener("pointerup", take, { signal });
    explorer.addEventListener("click", (event) => {
      const code = event.target.closest(".antq-copy")?.parentElement.querySelector("pre");
      if (!code) return;
      getSelection().selectAllChildren(code);
      if (navigator.clipboard) navigator.clipboard.writeText(code.textContent);
      else document.execCommand("copy"); // pages that are not served over https have no other
    }, { signal });
    const watch = new MutationObserver(() => tell(explorer));
    watch.observe(explorer, { childList: true, subtree: true, characterData: true });
    signal.addEventListener("abort", () => watch.disconnect());
    tell(explorer);
  };
  guard();

  return () => {
    leave.abort();
    model.off("change:chart", show);
    model.off("change:lit", light);
    model.off("comm_live_update", tellState);
    model.off("msg:custom", hear);
    picture?.end();
  };
}

export default { render };
