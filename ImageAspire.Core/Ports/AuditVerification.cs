using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ImageAspire.Core.Ports;

/// <summary>
/// The end of the audit log's hash chain. Who notes one elsewhere can prove later that everything up to it is still there and unchanged.
/// </summary>
/// <param name="Number">Number of the last entry; 0 of an empty log.</param>
/// <param name="Hash">Its hash: SHA-256, 64 lower-case hexadecimal digits; zeros of an empty log.</param>
public sealed record AuditHead(long Number, string Hash)
{
    private const int HashLength = 64;

    /// <summary>Reads what <see cref="ToString"/> wrote: number, colon, hash.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AuditHead? head)
    {
        head = text?.Split(':') is [var number, { Length: HashLength } hash] && hash.All(char.IsAsciiHexDigit)
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && (value > 0 || hash == HashText(null)) // an empty log has no entry that could have a hash
            ? new AuditHead(value, hash.ToLowerInvariant()) : null;
        return head is not null;
    }

    /// <summary>A hash as text; zeros when there is none.</summary>
    public static string HashText(byte[]? hash) => hash is null ? new string('0', HashLength) : Convert.ToHexStringLower(hash);

    /// <summary><c>N:HASH</c>, as verifications take it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}:{Hash}");
}

/// <summary>Result of a verification of the audit log.</summary>
/// <param name="Head">The last entry that was verified.</param>
/// <param name="BreakCount">How many places are broken.</param>
/// <param name="Breaks">The first twenty of them.</param>
/// <param name="Unchained">Entries that no hash protects, because a version before the chain wrote them. Only the Azure backend has such entries.</param>
public sealed record AuditVerification(AuditHead Head, long BreakCount, IReadOnlyList<AuditBreak> Breaks, long Unchained)
{
    /// <summary>Whether the chain is unbroken, and continues the earlier head if there was one.</summary>
    public bool Intact => BreakCount == 0;
}

/// <summary>A place where the chain is broken.</summary>
/// <param name="Kind"><c>changed-entry</c>, <c>missing-entries</c> or <c>recomputed-chain</c>.</param>
/// <param name="From">Number of the first entry that it is about.</param>
/// <param name="To">Number of the last one.</param>
public sealed record AuditBreak(string Kind, long From, long To)
{
    /// <summary>For people, without a full stop.</summary>
    public override string ToString() => Kind switch
    {
        AuditBreakKinds.Missing when From == To => $"entry {From} is missing",
        AuditBreakKinds.Missing => $"entries {From} to {To} are missing",
        AuditBreakKinds.Recomputed => $"entry {From} has another hash than the earlier head: entries up to it were changed, and the chain was computed again",
        _ => $"entry {From}, or the hash of the one before it, was changed",
    };
}

/// <summary>The kinds of breaks.</summary>
public static class AuditBreakKinds
{
    /// <summary>The entry does not have the hash that follows from its fields and the hash before it.</summary>
    public const string Changed = "changed-entry";

    /// <summary>Entries are missing: between others, or after the last one up to the earlier head.</summary>
    public const string Missing = "missing-entries";

    /// <summary>The entry of the earlier head has another hash now.</summary>
    public const string Recomputed = "recomputed-chain";
}
