namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Who may do what with a picture, and so what can be expected of it.</summary>
internal enum PictureKind
{
    /// <summary>Anybody may upload it again; nobody deletes it. Once acknowledged it must be there, always under the same id.</summary>
    Kept,

    /// <summary>One client alone uploads and deletes it, step by step: what must be there is known at every moment.</summary>
    Doomed,

    /// <summary>Anybody does anything at the same time: it may be there or not, but nothing of it may be left half.</summary>
    Contended,

    /// <summary>As kept, but no decoder can read it: it must end rejected.</summary>
    Broken,
}

/// <summary>A picture, and what its clients were told. Thread-safe.</summary>
internal sealed class Picture(PictureKind kind, string name, byte[] bytes)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _ids = [];
    private readonly HashSet<string> _unanswered = []; // changes that may have been made
    private string? _change; // the last one that was acknowledged
    private bool _must;
    private bool _may;

    public PictureKind Kind => kind;

    public string Name => name;

    public byte[] Bytes => bytes;

    public string Sha256 { get; } = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    /// <summary>Acknowledged, and not deleted since.</summary>
    public bool MustExist => Locked(() => _must);

    /// <summary>Nobody knows whether it exists.</summary>
    public bool MayExist => Locked(() => _may);

    /// <summary>Ids that were acknowledged since the last deletion.</summary>
    public IReadOnlyList<Guid> Ids => Locked<IReadOnlyList<Guid>>(() => [.. _ids]);

    /// <summary>False when its owner was left without an answer for so long that nobody knows what comes.</summary>
    public bool Usable { get; private set; } = true;

    public void Uploading() => Locked(() => _may = true);

    public void Uploaded(Guid id) => Locked(() =>
    {
        (_must, _may) = (true, false);
        if (kind is PictureKind.Doomed or PictureKind.Contended)
            _ids.Clear(); // a deletion that nobody answered may have been made
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

    /// <summary>The connection was there and no answer came: what was asked may still be done later.</summary>
    public void GiveUp() => Locked(() =>
    {
        if (kind == PictureKind.Doomed)
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
