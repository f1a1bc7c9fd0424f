const LARGEST = 12;
const STEP = 1.35;

// Zoom and pan of one node inside of a stage: wheel, pinch, drag, double click and tap, keys. onZoom(scale) after every change.
export function zoomable(stage, node, onZoom) {
  let scale = 1, x = 0, y = 0;
  const pointers = new Map();
  let last = null; // middle and distance of the fingers

  function show() {
    // The image may be moved as far as its edges, no further.
    const [sideways, down] = [node.offsetWidth * scale - stage.clientWidth, node.offsetHeight * scale - stage.clientHeight].map(more => Math.max(0, more / 2));
    x = Math.max(-sideways, Math.min(sideways, x));
    y = Math.max(-down, Math.min(down, y));
    node.style.transform = scale === 1 ? '' : `translate(${x}px, ${y}px) scale(${scale})`;
    stage.classList.toggle('zoomed', scale > 1);
    onZoom(scale);
  }

  // To another scale; the point (from the middle of the stage) stays where it is.
  function zoomTo(wanted, px = 0, py = 0) {
    const next = Math.max(1, Math.min(LARGEST, wanted));
    x = px - (px - x) * next / scale;
    y = py - (py - y) * next / scale;
    scale = next;
    show();
  }

  const fromMiddle = (clientX, clientY) => {
    const box = stage.getBoundingClientRect();
    return [clientX - box.left - box.width / 2, clientY - box.top - box.height / 2];
  };

  stage.addEventListener('wheel', event => {
    event.preventDefault();
    zoomTo(scale * Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.002)), ...fromMiddle(event.clientX, event.clientY));
  }, { passive: false });
  stage.addEventListener('dblclick', event => {
    if (!event.target.closest('.tools')) zoomTo(scale > 1 ? 1 : 2.5, ...fromMiddle(event.clientX, event.clientY));
  });
  stage.addEventListener('pointerdown', event => {
    if (event.button !== 0 || event.target.closest('.tools')) return;
    pointers.set(event.pointerId, event);
    stage.setPointerCapture(event.pointerId);
    last = null;
  });
  stage.addEventListener('pointermove', event => {
    if (!pointers.has(event.pointerId)) return;
    pointers.set(event.pointerId, event);
    const now = spread([...pointers.values()]);
    if (last) {
      x += now.x - last.x;
      y += now.y - last.y;
      if (now.distance && last.distance) zoomTo(scale * now.distance / last.distance, ...fromMiddle(now.x, now.y)); else show();
    }
    last = now;
  });
  for (const type of ['pointerup', 'pointercancel']) stage.addEventListener(type, event => { pointers.delete(event.pointerId); last = null; });

  return {
    get scale() { return scale; },
    in: () => zoomTo(scale * STEP),
    out: () => zoomTo(scale / STEP),
    reset: () => zoomTo(1),
    pan: (dx, dy) => { x += dx; y += dy; show(); },
  };
}

function spread(points) {
  const [a, b = a] = points;
  return { x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2, distance: points.length > 1 ? Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) : 0 };
}
