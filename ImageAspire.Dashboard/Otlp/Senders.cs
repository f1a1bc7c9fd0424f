using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>
/// Resources and scopes as they were sent: the same one is one object. Not for several threads.
/// </summary>
/// <param name="store">Who is still there.</param>
/// <param name="texts">Where text comes from.</param>
/// <param name="attributes">Reads attributes.</param>
internal sealed class Senders(TelemetryStore store, TextPool texts, AttributeReader attributes)
{
    private const int NameLength = 256;
    private const int MaxScopes = 4_096;

    private readonly Dictionary<(string Name, string Instance), TelemetryResource> _resources = [];
    private readonly Dictionary<(string Name, string Version), TelemetryScope> _scopes = [];
    private readonly List<(TelemetryResource Resource, TelemetryAttribute[] Attributes)> _changes = [];
    // Those of this request: nothing of them is kept yet.
    private readonly HashSet<TelemetryResource> _fresh = [];
    private bool _hasForgotten;

    /// <summary>A resource; null when there are too many that have sent something.</summary>
    public TelemetryResource? Resource(ReadOnlySpan<byte> message)
    {
        var all = attributes.Read(message, OtlpFields.Resource.Attributes);
        var (name, instance) = ("unknown_service", "");
        foreach (var attribute in all)
        {
            if (attribute.Key == "service.name" && attribute.Value.Length > 0)
                name = TextPool.Cut(attribute.Value, NameLength);
            else if (attribute.Key == "service.instance.id")
                instance = TextPool.Cut(attribute.Value, NameLength);
        }

        if (_resources.TryGetValue((name, instance), out var known))
        {
            if (!known.Attributes.SequenceEqual(all))
                _changes.Add((known, all));
            return known;
        }

        if (_resources.Count >= store.Limits.Resources && !Forget())
            return null;
        known = new TelemetryResource(name, instance, all);
        _resources.Add((name, instance), known);
        _fresh.Add(known);
        return known;
    }

    public TelemetryScope Scope(ReadOnlySpan<byte> message)
    {
        var name = texts.Get(WireReader.Find(message, OtlpFields.Scope.Name), NameLength);
        var version = texts.Get(WireReader.Find(message, OtlpFields.Scope.Version), NameLength);
        if (_scopes.TryGetValue((name, version), out var known))
            return known;
        if (_scopes.Count == MaxScopes)
            _scopes.Clear(); // telemetry keeps those that it needs
        return _scopes[(name, version)] = new TelemetryScope(name, version);
    }

    /// <summary>The request is taken: what it says about resources holds.</summary>
    public void Commit()
    {
        foreach (var (resource, now) in _changes)
            resource.Attributes = now;
        _changes.Clear();
    }

    /// <summary>The request is over: what it said about resources and was not committed does not hold.</summary>
    public void EndRequest()
    {
        _changes.Clear();
        _fresh.Clear();
        _hasForgotten = false;
    }

    // Those of whom nothing is kept make room. Once a request: within it nothing goes, and it may name a great many.
    private bool Forget()
    {
        if (_hasForgotten)
            return false;
        _hasForgotten = true;
        var kept = store.Resources.ToHashSet();
        foreach (var gone in _resources.Where(one => !kept.Contains(one.Value) && !_fresh.Contains(one.Value)).ToList())
            _resources.Remove(gone.Key);
        return _resources.Count < store.Limits.Resources;
    }
}
