namespace ImageAspire.Imaging.Headers;

/// <summary>
/// Image properties of a HEIF file, an AVIF or HEIC (ISO/IEC 23008-12): the largest <c>ispe</c> is taken as the image's size, since tiles, thumbnails and
/// alpha planes are not larger, and a rotation by 90° swaps it. A codec's answer overrides it.
/// </summary>
internal static class HeifHeader
{
    private const int MaxBoxes = 10_000;

    public static RawHeader Read(Bytes file)
    {
        long width = 0, height = 0;
        var turned = false;
        var left = MaxBoxes;
        Walk(0, file.Length);
        if (width == 0 && height == 0)
            throw HeaderReader.Broken();
        return turned ? new RawHeader(height, width) : new RawHeader(width, height);

        void Walk(long at, long end)
        {
            while (at + 8 <= end && left-- > 0)
            {
                long size = file.U32(at, big: true), head = 8;
                if (size == 1)
                    (size, head) = (file.U64(at + 8, big: true), 16);
                else if (size == 0)
                    size = end - at;
                if (size < head || size > end - at)
                    return; // truncated or invalid; what was read may be enough
                if (file.Has(at + 4, "meta"u8))
                    Walk(at + head + 4, at + size);
                else if (file.Has(at + 4, "iprp"u8) || file.Has(at + 4, "ipco"u8))
                    Walk(at + head, at + size);
                else if (file.Has(at + 4, "irot"u8))
                    turned = (file.U8(at + head) & 1) == 1;
                else if (file.Has(at + 4, "ispe"u8))
                    Take(file.U32(at + head + 4, big: true), file.U32(at + head + 8, big: true));
                at += size;
            }
        }

        void Take(long w, long h)
        {
            if (w * h >= width * height)
                (width, height) = (w, h);
        }
    }
}
