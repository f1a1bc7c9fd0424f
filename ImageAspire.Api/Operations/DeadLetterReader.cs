using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Operations;

/// <summary>Which dead letters; null for all.</summary>
/// <param name="Subscription">Of this subscription.</param>
/// <param name="Type">With an event of this type.</param>
/// <param name="Reason">With this reason.</param>
internal sealed record DeadLetterFilter(string? Subscription, string? Type, string? Reason)
{
    public bool Matches(DeadLetter dead) => (Type is null || dead.Event?.Type == Type) && (Reason is null || dead.Reason == Reason);
}

/// <summary>Reads the dead-letter queues of several subscriptions as one list.</summary>
internal sealed class DeadLetterReader(ITopicOperations operations)
{
    /// <summary>Most dead letters examined in one call of a rare filter; the cursor continues from there.</summary>
    private const int MaxExamined = 2_000;

    private const int Batch = 200;

    /// <summary>One dead letter; null when it no longer exists.</summary>
    public async Task<DeadLetter?> FindAsync(DeadLetterKey key, CancellationToken cancellationToken)
    {
        var found = await operations.ListDeadLettersAsync(key.Subscription, 1, key.Sequence + 1, cancellationToken);
        return found.Count == 1 && found[0].Sequence == key.Sequence ? found[0] : null;
    }

    /// <summary>Up to <paramref name="limit"/> that match, after a key, and the key to go on from; null at the end.</summary>
    public async Task<(IReadOnlyList<DeadLetter> Items, DeadLetterKey? Next)> ReadAsync(
        DeadLetterFilter filter, int limit, DeadLetterKey? after, CancellationToken cancellationToken)
    {
        var batch = filter is { Type: null, Reason: null } ? Math.Min(limit + 1, Batch) : Batch;
        var queues = new List<Queue>();
        foreach (var name in await NamesAsync(filter, cancellationToken))
            queues.Add(await Queue.OpenAsync(operations, name, batch, after?.Before(name), cancellationToken));
        var items = new List<DeadLetter>();
        var last = after;
        for (var examined = 0; ; examined++)
        {
            var first = queues.Where(queue => queue.Head is not null).MinBy(queue => DeadLetterKey.Of(queue.Head!), DeadLetterKey.NewestFirst);
            if (first is null)
                return (items, null);
            if (items.Count == limit || examined == MaxExamined)
                return (items, last);
            var dead = first.Head!;
            if (filter.Matches(dead))
                items.Add(dead);
            last = DeadLetterKey.Of(dead);
            await first.AdvanceAsync(cancellationToken);
        }
    }

    private async Task<IEnumerable<string>> NamesAsync(DeadLetterFilter filter, CancellationToken cancellationToken) =>
        filter.Subscription is { } one ? [one]
            : (await operations.GetStatusAsync(cancellationToken)).Where(status => status.DeadLettered > 0).Select(status => status.Name);

    /// <summary>One subscription's dead letters, batch by batch.</summary>
    private sealed class Queue(ITopicOperations operations, string name, int batch)
    {
        private IReadOnlyList<DeadLetter> _read = [];
        private int _at;

        public DeadLetter? Head => _at < _read.Count ? _read[_at] : null;

        public static async Task<Queue> OpenAsync(
            ITopicOperations operations, string name, int batch, long? before, CancellationToken cancellationToken)
        {
            var queue = new Queue(operations, name, batch);
            await queue.FillAsync(before, cancellationToken);
            return queue;
        }

        public async Task AdvanceAsync(CancellationToken cancellationToken)
        {
            if (++_at == batch)
                await FillAsync(_read[^1].Sequence, cancellationToken);
        }

        private async Task FillAsync(long? before, CancellationToken cancellationToken) =>
            (_read, _at) = (await operations.ListDeadLettersAsync(name, batch, before, cancellationToken), 0);
    }
}
