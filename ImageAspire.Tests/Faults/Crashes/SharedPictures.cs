namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Pictures that several clients use at once.</summary>
internal sealed class SharedPictures(Journal journal)
{
    private const int MostContended = 6;
    private readonly Lock _lock = new();
    private readonly List<Picture> _kept = [];
    private readonly List<Picture> _contended = [.. Enumerable.Range(0, MostContended).Select(_ => journal.Make(PictureKind.Contended)).OfType<Picture>()];

    /// <summary>A new one; null when there are enough.</summary>
    public Picture? New() => journal.Make(PictureKind.Kept);

    /// <summary>Others may upload it again.</summary>
    public void Acknowledged(Picture picture)
    {
        if (picture.Kind is not (PictureKind.Kept or PictureKind.Broken))
            return;
        lock (_lock)
        {
            if (!_kept.Contains(picture))
                _kept.Add(picture);
        }
    }

    /// <summary>One that was acknowledged and is never deleted; null when there is none.</summary>
    public Picture? Any(Random random)
    {
        lock (_lock)
            return _kept.Count == 0 ? null : _kept[random.Next(_kept.Count)];
    }

    /// <summary>One of the few that everybody works on.</summary>
    public Picture Contended(Random random) => _contended[random.Next(_contended.Count)];
}
