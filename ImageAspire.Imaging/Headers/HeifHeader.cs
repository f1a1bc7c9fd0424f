namespace ImageAspire.Imaging.Headers;

/// <summary>
/// Image properties of a HEIF file, an AVIF or HEIC (ISO/IEC 23008-12): the largest <c>ispe</c> is taken as the image's size, since tiles, thumbnails and
/// alpha planes are not larger, and a rotation by 90° swaps it. A codec's answer overrides it.
/// </summary>
internal static class HeifHeader
{
    public static RawHeader Read(Bytes file)
    {
        long width = 0, height = 0;
        var turned = false;
        foreach (var property in Properties(file))
        {
            if (property.Type == "irot")
                turned = (file.U8(property.Content) & 1) == 1;
            else if (property.Type == "ispe")
                Take(file.U32(property.Content + 4, big: true), file.U32(property.Content + 8, big: true));
        }

        if (width == 0 && height == 0)
            throw HeaderReader.Broken();
        return turned ? new RawHeader(height, width) : new RawHeader(width, height);

        void Take(long w, long h)
        {
            if (w * h >= width * height)
                (width, height) = (w, h);
        }
    }

    /// <summary>The properties of all items, as far as the file goes.</summary>
    public static IEnumerable<Box> Properties(Bytes file)
    {
        var meta = Box.In(file).FirstOrDefault(box => box.Type == "meta");
        var properties = Box.In(file, meta.Content + 4, meta.End).FirstOrDefault(box => box.Type == "iprp");
        var container = Box.In(file, properties.Content, properties.End).FirstOrDefault(box => box.Type == "ipco");
        return Box.In(file, container.Content, container.End);
    }
}
