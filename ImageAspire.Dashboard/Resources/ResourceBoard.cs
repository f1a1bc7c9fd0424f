using System.Collections.Concurrent;

namespace ImageAspire.Dashboard.Resources;

/// <summary>The state of all resources: AppHost writes, pages read.</summary>
public sealed class ResourceBoard
{
    private readonly ConcurrentDictionary<string, Resource> _resources = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>All, in order of name.</summary>
    public IReadOnlyList<Resource> List() => [.. _resources.Values.OrderBy(one => one.Name, StringComparer.Ordinal)];

    /// <summary>One; null when there is none of that name.</summary>
    public Resource? Find(string name) => _resources.GetValueOrDefault(name);

    /// <summary>Puts a resource on the board, or changes it. What is equal to what is there is no change.</summary>
    /// <param name="change">Makes the new state from the one that is there; called again when somebody else was faster.</param>
    /// <param name="first">What is there when nothing is.</param>
    public void Update(Resource first, Func<Resource, Resource> change)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(change);
        while (true)
        {
            var now = _resources.GetValueOrDefault(first.Name);
            var next = change(now ?? first);
            if (next.Equals(now))
                return;
            if (now is null ? !_resources.TryAdd(first.Name, next) : !_resources.TryUpdate(first.Name, next, now))
                continue;
            Interlocked.Increment(ref _version);
            return;
        }
    }
}
