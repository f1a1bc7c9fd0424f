import sharp from 'sharp';

/** A picture with two shades in stripes, which looks like text to the search for text: every engine runs once before the first photo. */
export function warmUpPicture() {
  const [width, height, stripe] = [640, 480, 6];
  const data = Buffer.alloc(width * height * 3, 230);
  for (let y = 220; y < 250; y++) {
    for (let x = 100; x < 540; x++) {
      if (Math.floor(x / stripe) % 2 === 0) data.fill(20, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } }).jpeg().toBuffer();
}
