namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Images that several clients use at once.</summary>
internal sealed class SharedImages(TestOracle oracle)
{
    private const int MostContended = 6;
    private readonly Lock _lock = new();
    private readonly List<TrackedImage> _kept = [];
    private readonly List<TrackedImage> _contended = [.. Enumerable.Range(0, MostContended).Select(_ => oracle.Make(TrackedImageKind.Contended)).OfType<TrackedImage>()];

    /// <summary>A new one; null when there are enough.</summary>
    public TrackedImage? New() => oracle.Make(TrackedImageKind.Kept);

    /// <summary>Others may upload it again.</summary>
    public void Acknowledged(TrackedImage image)
    {
        if (image.Kind is TrackedImageKind.Owned or TrackedImageKind.Contended)
            return;
        lock (_lock)
        {
            if (_kept.Contains(image))
                return;
            _kept.Add(image);
        }

        if (GivenUpCheck.IsGivenUp(image.Kind))
            oracle.Count("failing images acknowledged");
    }

    /// <summary>One that was acknowledged and is never deleted; null when there is none.</summary>
    public TrackedImage? Any(Random random)
    {
        lock (_lock)
            return _kept.Count == 0 ? null : _kept[random.Next(_kept.Count)];
    }

    /// <summary>One of the few that all clients work on.</summary>
    public TrackedImage Contended(Random random) => _contended[random.Next(_contended.Count)];
}
