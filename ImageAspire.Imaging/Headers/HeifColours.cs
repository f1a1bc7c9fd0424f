namespace ImageAspire.Imaging.Headers;

/// <summary>The colours of a HEIF image without a profile, by the numbers of ITU-T H.273.</summary>
/// <param name="Primaries">1 as sRGB, 9 as BT.2020, 12 as Display P3.</param>
/// <param name="Transfer">13 as sRGB, 16 PQ, 18 HLG.</param>
internal readonly record struct HeifColours(int Primaries, int Transfer)
{
    private const int Unspecified = 2;

    /// <summary>Null when the file has a profile, or does not say.</summary>
    public static HeifColours? Read(Bytes file)
    {
        HeifColours? found = null;
        foreach (var at in HeifHeader.Properties(file).Where(property => property.Type == "colr").Select(property => property.Content))
        {
            if (file.Has(at, "prof"u8) || file.Has(at, "rICC"u8))
                return null;
            if (file.Has(at, "nclx"u8) && at + 8 <= file.Length && (file.U16(at + 4, big: true), file.U16(at + 6, big: true)) is (not Unspecified, not Unspecified) and var (primaries, transfer))
                found ??= new HeifColours(primaries, transfer);
        }

        return found;
    }
}
