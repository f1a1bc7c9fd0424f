using System.Security.Cryptography;
using System.Text;

namespace ImageAspire.Core.Images;

/// <summary>One change on the way from an original to its copy without metadata: some bytes become others, fewer or none.</summary>
/// <param name="At">Where it begins in the original.</param>
/// <param name="Length">How many bytes of the original it replaces.</param>
/// <param name="NewLength">How many bytes take their place: <paramref name="With"/>, then zeros; 0 leaves the bytes out.</param>
/// <param name="With">The first of the new bytes, in Base64; null for none.</param>
public sealed record MetadataEdit(long At, long Length, long NewLength = 0, byte[]? With = null);

/// <summary>Rules for lists of <see cref="MetadataEdit"/>, which come from a decoder process or from a stored record.</summary>
public static class MetadataEdits
{
    /// <summary>Most edits of one image; one with more has no copy without metadata.</summary>
    public const int MaxCount = 64;

    /// <summary>Most given bytes of one edit.</summary>
    public const int MaxGiven = 64;

    /// <summary>Whether the edits are in order, do not overlap, stay within a file of this size, and do not make it longer than their given bytes.</summary>
    public static bool AreValid(IReadOnlyList<MetadataEdit> edits, long fileBytes)
    {
        var end = 0L;
        foreach (var edit in edits)
        {
            var given = edit?.With?.Length ?? 0;
            if (edit is null || edit.At < end || edit.Length < 0 || edit.Length > fileBytes - edit.At || given > MaxGiven
                || edit.NewLength < given || edit.NewLength > Math.Max(edit.Length, given))
            {
                return false;
            }

            end = edit.At + edit.Length;
        }

        return edits.Count <= MaxCount && end <= fileBytes;
    }

    /// <summary>16 hexadecimal digits that change with the edits.</summary>
    public static string Digest(IReadOnlyList<MetadataEdit> edits) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(';', edits.Select(
            edit => FormattableString.Invariant($"{edit.At} {edit.Length} {edit.NewLength} {Convert.ToHexString(edit.With ?? [])}"))))))[..16];
}
