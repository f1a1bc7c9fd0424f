namespace ImageAspire.Imaging.Headers;

/// <summary>The colours of a HEIF image without a profile, by the numbers of ITU-T H.273.</summary>
/// <param name="Primaries">1 as sRGB, 9 as BT.2020, 12 as Display P3.</param>
/// <param name="Transfer">13 as sRGB, 16 PQ, 18 HLG.</param>
internal readonly record struct HeifColours(int Primaries, int Transfer)
{
    private const int Unspecified = 2;
    private const int MaxBoxes = 10_000;

    /// <summary>Null when the file has a profile, or does not say.</summary>
    public static HeifColours? Read(Bytes file)
    {
        var left = MaxBoxes;
        HeifColours? found = null;
        var hasProfile = false;
        Walk(0, file.Length);
        return hasProfile ? null : found;

        void Walk(long at, long end)
        {
            while (at + 8 <= end && left-- > 0)
            {
                var (size, head) = Boxes.Size(file, at);
                if (size < head || size > end - at)
                    return;
                if (file.Has(at + 4, "meta"u8))
                    Walk(at + head + 4, at + size);
                else if (file.Has(at + 4, "iprp"u8) || file.Has(at + 4, "ipco"u8))
                    Walk(at + head, at + size);
                else if (file.Has(at + 4, "colr"u8))
                    Take(at + head);
                at += size;
            }
        }

        void Take(long at)
        {
            if (file.Has(at, "prof"u8) || file.Has(at, "rICC"u8))
                hasProfile = true;
            else if (file.Has(at, "nclx"u8) && at + 8 <= file.Length && (file.U16(at + 4, big: true), file.U16(at + 6, big: true)) is (not Unspecified, not Unspecified) and var (primaries, transfer))
                found ??= new HeifColours(primaries, transfer);
        }
    }
}
