namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>What clients do with an image, and so what they can expect of it.</summary>
internal enum TrackedImageKind
{
    /// <summary>Any client may upload it again; none deletes it. Once acknowledged it must exist, always with the same id.</summary>
    Kept,

    /// <summary>One client alone uploads, changes and deletes it, one call at a time: what must exist is known at every moment.</summary>
    Owned,

    /// <summary>All clients upload, change and delete it at the same time: it may exist or not, but never in part.</summary>
    Contended,

    /// <summary>As kept, but no decoder can read it: it must end as rejected.</summary>
    Undecodable,

    /// <summary>As kept, but the vision service breaks on it, until it is repaired: the attempts are used up, and it is failed.</summary>
    Breaking,

    /// <summary>As kept, but the vision service refuses it, until it is repaired: it is failed at the first attempt.</summary>
    Refused,
}

/// <summary>An image, and what was acknowledged of it. Thread-safe.</summary>
internal sealed class TrackedImage(TrackedImageKind kind, string name, byte[] bytes)
{
    /// <summary>From so many bytes on an image is sent in pieces.</summary>
    public const int Large = 65_000;

    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _ids = [];
    private readonly HashSet<string> _unanswered = []; // changes that may have been made
    private string? _change; // the last one that was acknowledged
    private bool _must;
    private bool _may;

    public TrackedImageKind Kind => kind;

    public string Name => name;

    public byte[] Bytes => bytes;

    public bool IsLarge => bytes.Length >= Large;

    public string Sha256 { get; } = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    /// <summary>Acknowledged, and not deleted since.</summary>
    public bool MustExist => Locked(() => _must);

    /// <summary>Whether it exists is unknown.</summary>
    public bool MayExist => Locked(() => _may);

    /// <summary>Ids that were acknowledged since the last deletion.</summary>
    public IReadOnlyList<Guid> Ids => Locked<IReadOnlyList<Guid>>(() => [.. _ids]);

    /// <summary>False after a call of its owner timed out: the call may still take effect.</summary>
    public bool Usable { get; private set; } = true;

    public void Uploading() => Locked(() => _may = true);

    public void Uploaded(Guid id) => Locked(() =>
    {
        (_must, _may) = (true, false);
        if (kind is TrackedImageKind.Owned or TrackedImageKind.Contended)
            _ids.Clear(); // a deletion without an answer may have been made
        return _ids.Add(id);
    });

    public void Deleting() => Locked(() =>
    {
        (_must, _may) = (false, true);
        if (_change is not null)
            _unanswered.Add(_change);
        return _change = null;
    });

    public void Deleted() => Locked(() =>
    {
        (_must, _may, _change) = (false, false, null);
        _ids.Clear();
        _unanswered.Clear();
        return true;
    });

    public void Changing(string change) => Locked(() => _unanswered.Add(change));

    public void Changed(string change) => Locked(() =>
    {
        _change = change;
        return _unanswered.Remove(change);
    });

    /// <summary>A call timed out: it may still take effect.</summary>
    public void TimedOut() => Locked(() =>
    {
        if (kind == TrackedImageKind.Owned)
            (_must, _may, Usable) = (false, true, false);
        return Usable;
    });

    /// <summary>Whether a record may have this change; null for none.</summary>
    public bool MayHave(string? change) => Locked(() => change == _change || (change is not null && _unanswered.Contains(change)));

    private T Locked<T>(Func<T> look)
    {
        lock (_lock)
            return look();
    }
}
