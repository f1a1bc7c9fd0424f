namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Images that several clients use at once.</summary>
internal sealed class SharedImages(TestOracle oracle)
{
    private const int MostContended = 6;
    private readonly Lock _lock = new();
    private readonly List<TrackedImage> _kept = [];
    private readonly List<TrackedImage> _unsent = []; // a few for each client
    private readonly List<TrackedImage> _contended = [.. Enumerable.Range(0, MostContended).Select(_ => oracle.Make(TrackedImageKind.Contended)).OfType<TrackedImage>()];

    /// <summary>One that is not acknowledged, and that no client is uploading now; null when there are enough.</summary>
    /// <param name="kind">Its kind: none with an owner.</param>
    /// <param name="large">So large that it can be sent in pieces.</param>
    public TrackedImage? New(TrackedImageKind kind = TrackedImageKind.Kept, bool large = false)
    {
        lock (_lock)
        {
            if (_unsent.Find(image => image.Kind == kind && image.IsLarge == large) is { } again)
            {
                _unsent.Remove(again);
                return again;
            }
        }

        return oracle.Make(kind, large);
    }

    /// <summary>The upload was not acknowledged, as while the Api is down: another one will be.</summary>
    public void NotAcknowledged(TrackedImage image)
    {
        if (image.MustExist || IsNotKept(image))
            return;
        lock (_lock)
            _unsent.Add(image);
    }

    /// <summary>Others may upload it again.</summary>
    public void Acknowledged(TrackedImage image)
    {
        if (IsNotKept(image))
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

    private static bool IsNotKept(TrackedImage image) => image.Kind is TrackedImageKind.Owned or TrackedImageKind.Contended;
}
