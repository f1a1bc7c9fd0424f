// Areas as "west,south,east,north" in degrees, as in the address and in GET /api/images.
const DEGREES_OF_A_KILOMETRE = 0.009; // of latitude; of longitude at the equator

// The text when it is an area, else nothing.
export function cleanArea(text) {
  const edges = text.split(',').map(edge => /^-?\d{1,3}(\.\d{1,15})?$/.test(edge) ? Number(edge) : NaN);
  const [west, south, east, north] = edges;
  return edges.length === 4 && [west, east].every(edge => Math.abs(edge) <= 180) && [south, north].every(edge => Math.abs(edge) <= 90) && south <= north ? text : '';
}

// About a kilometre in each direction.
export function areaAround({ latitude, longitude }) {
  const up = DEGREES_OF_A_KILOMETRE;
  const across = Math.min(179, up / Math.max(Math.cos(latitude * Math.PI / 180), 1e-6));
  const wrap = degrees => degrees < -180 ? degrees + 360 : degrees > 180 ? degrees - 360 : degrees;
  return [wrap(longitude - across), Math.max(-90, latitude - up), wrap(longitude + across), Math.min(90, latitude + up)].map(edge => edge.toFixed(4)).join(',');
}

// Its middle, to be read.
export function middleOf(text) {
  const [west, south, east, north] = text.split(',').map(Number);
  const middle = (west + (east < west ? east + 360 : east)) / 2;
  return `${((south + north) / 2).toFixed(3)}, ${(middle > 180 ? middle - 360 : middle).toFixed(3)}`;
}
