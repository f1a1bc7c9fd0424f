import { buildCard, buildGap } from './card.js';

const GAP = 14;
const TEXT_REM = 5.9;
const OVERSCAN_ROWS = 2;

// Draws the part of the list that is in the window, and a little around it. The box is as high as the whole list would be; the cards that
// exist stand in its middle. Rows have one height, known before any image is: nothing ever jumps.
export class GridView {
  #box; #list; #cards = new Map(); // id → { node, image }
  #columns = 1; #rowHeight = 1; #anchor = null; #queued = false;

  // decorate(node, image) marks what is selected or active.
  constructor(box, list, decorate) {
    this.#box = box;
    this.#list = list;
    this.decorate = decorate;
    new ResizeObserver(() => this.draw()).observe(box);
    addEventListener('scroll', () => this.#soon(), { passive: true });
    addEventListener('resize', () => this.#soon(), { passive: true });
  }

  get columns() { return this.#columns; }
  get rowsInWindow() { return Math.max(1, Math.floor(innerHeight / this.#rowHeight)); }
  get atTop() { return scrollY < this.#top + this.#rowHeight / 2; }
  get #top() { return this.#box.getBoundingClientRect().top + scrollY; }

  // After the list has changed: what is at the top of the window stays there, though images above it came or went.
  changed() {
    const index = this.#anchor ? this.#list.indexOf(this.#anchor.id) : -1;
    if (index >= 0 && !this.atTop) {
      const moved = (Math.floor(index / this.#columns) - this.#anchor.row) * this.#rowHeight;
      this.#size();
      if (moved !== 0) scrollBy({ top: moved, behavior: 'instant' });
    }
    this.draw();
  }

  draw() {
    this.#measure();
    this.#size();
    const top = this.#top;
    const firstVisible = Math.max(0, Math.floor((scrollY - top) / this.#rowHeight));
    const first = Math.max(0, firstVisible - OVERSCAN_ROWS);
    const last = Math.ceil((scrollY - top + innerHeight) / this.#rowHeight) + OVERSCAN_ROWS;
    const from = first * this.#columns;
    const to = Math.max(from, last * this.#columns);
    this.#fill(from, this.#list.slice(from, to));
    this.#box.style.paddingTop = `${first * this.#rowHeight}px`;
    const seen = this.#list.slice(firstVisible * this.#columns, firstVisible * this.#columns + 1)[0];
    this.#anchor = seen ? { id: seen.id, row: firstVisible } : null;
    this.#list.want(from, to);
  }

  // Brings an index into the window, below what sticks to its top.
  reveal(index, covered) {
    const row = Math.floor(index / this.#columns);
    const top = this.#top + row * this.#rowHeight;
    if (top - covered < scrollY) scrollTo({ top: top - covered - GAP, behavior: 'instant' });
    else if (top + this.#rowHeight > scrollY + innerHeight) scrollTo({ top: top + this.#rowHeight - innerHeight, behavior: 'instant' });
    this.draw();
  }

  redecorate() { for (const { node, image } of this.#cards.values()) this.decorate(node, image); }

  #soon() {
    if (this.#queued) return;
    this.#queued = true;
    requestAnimationFrame(() => { this.#queued = false; this.draw(); });
  }

  #measure() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const width = this.#box.clientWidth;
    const narrowest = width < 480 ? 9 * rem : 12 * rem;
    this.#columns = Math.max(2, Math.floor((width + GAP) / (narrowest + GAP)));
    const card = Math.round((width - GAP * (this.#columns - 1)) / this.#columns) + Math.round(TEXT_REM * rem);
    this.#rowHeight = card + GAP;
    const { style } = this.#box;
    style.gridTemplateColumns = `repeat(${this.#columns}, minmax(0, 1fr))`;
    style.gridAutoRows = `${card}px`;
    style.gap = `${GAP}px`;
  }

  #size() { this.#box.style.height = `${Math.ceil(this.#list.count / this.#columns) * this.#rowHeight}px`; }

  #fill(from, records) {
    const shown = new Map();
    const nodes = records.map((image, i) => {
      if (!image) return buildGap();
      const before = this.#cards.get(image.id);
      const card = before && isSame(before.image, image) ? before : { node: buildCard(image), image };
      card.node.setAttribute('aria-posinset', from + i + 1);
      card.node.setAttribute('aria-setsize', this.#list.complete ? this.#list.count : -1);
      this.decorate(card.node, image);
      shown.set(image.id, card);
      return card.node;
    });
    this.#cards = shown;
    // Cards that stay are not touched: an image that is taken out and put back flickers.
    nodes.forEach((node, i) => { if (this.#box.children[i] !== node) this.#box.insertBefore(node, this.#box.children[i] ?? null); });
    while (this.#box.children.length > nodes.length) this.#box.lastChild.remove();
  }
}

// The same record, found for the same reason.
const isSame = (a, b) => a === b || (a.version === b.version && a.like?.why === b.like?.why && a.like?.score === b.like?.score);
