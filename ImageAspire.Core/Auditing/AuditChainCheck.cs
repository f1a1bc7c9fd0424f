using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Auditing;

/// <summary>
/// Checks the chain entry by entry, with the same memory for any number of them. One change is reported once: after a broken entry it goes on
/// from there.
/// </summary>
/// <param name="earlier">A head that was noted before; null to check the chain alone.</param>
public sealed class AuditChainCheck(AuditHead? earlier)
{
    /// <summary>So many breaks are listed; the others are counted.</summary>
    public const int MaxListed = 20;

    private readonly List<AuditBreak> _breaks = [];
    private long _count;
    private long _last;
    private byte[]? _hash = [.. AuditChain.Start];

    // What the next entry may follow: the stored hash of the last one, and the one that it should have. None when both are unknown.
    private List<byte[]> _previous = [[.. AuditChain.Start]];

    /// <summary>Checks the next entry.</summary>
    /// <param name="number">Its number, greater than that of the entry before.</param>
    /// <param name="hash">Its hash as stored; null when it has none.</param>
    /// <param name="fields">What is stored about it, as for <see cref="AuditChain.Link"/>.</param>
    public void Next(long number, byte[]? hash, params ReadOnlySpan<byte[]?> fields)
    {
        if (number <= _last)
        {
            Add(AuditBreakKinds.Changed, number, number); // before the first one: not from here
            return;
        }

        if (number > _last + 1)
        {
            Add(AuditBreakKinds.Missing, _last + 1, number - 1);
            _previous = [];
        }

        byte[]? right = null;
        foreach (var previous in _previous)
        {
            var link = AuditChain.Link(previous, number, fields);
            if (right is null || link.AsSpan().SequenceEqual(hash))
                right = link;
        }

        // After a gap an entry cannot be compared; the one after it says whether its hash is right.
        if (hash is null || (right is not null && !right.AsSpan().SequenceEqual(hash)))
            Add(AuditBreakKinds.Changed, number, number);
        (_last, _hash) = (number, hash);
        _previous = [.. new[] { hash, right }.OfType<byte[]>()];
        if (earlier?.Number == number && !_previous.Exists(one => AuditHead.HashText(one) == earlier.Hash))
            Add(AuditBreakKinds.Recomputed, number, number);
    }

    /// <summary>The result, after the last entry.</summary>
    /// <param name="unchained">Entries that are not part of the chain, because a version before it wrote them.</param>
    public AuditVerification Complete(long unchained = 0)
    {
        if (earlier?.Number > _last)
            Add(AuditBreakKinds.Missing, _last + 1, earlier.Number);
        return new AuditVerification(new AuditHead(_last, AuditHead.HashText(_hash)), _count, _breaks, unchained);
    }

    private void Add(string kind, long from, long to)
    {
        if (++_count <= MaxListed)
            _breaks.Add(new AuditBreak(kind, from, to));
    }
}
