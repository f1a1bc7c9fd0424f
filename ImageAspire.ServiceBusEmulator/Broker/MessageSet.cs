namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>All messages of a queue, in order, with counts.</summary>
internal sealed class MessageSet
{
    private readonly SortedSet<QueuedMessage> _all = new(QueuedMessage.BySequence);
    private readonly long[] _counts = new long[3];

    /// <summary>Bytes of all messages, as encoded.</summary>
    public long Bytes { get; private set; }

    public int Count => _all.Count;

    public long CountOf(MessageState state) => _counts[(int)state];

    public void Add(QueuedMessage message)
    {
        if (!_all.Add(message))
            throw new InvalidOperationException($"Sequence number {message.Sequence} is taken.");
        _counts[(int)message.State]++;
        Bytes += message.Content.Encoded.Length;
    }

    public void Remove(QueuedMessage message)
    {
        _all.Remove(message);
        _counts[(int)message.State]--;
        Bytes -= message.Content.Encoded.Length;
    }

    /// <summary>Changes a message, and the counts with it.</summary>
    public void Change(QueuedMessage message, Action<QueuedMessage> change)
    {
        _counts[(int)message.State]--;
        Bytes -= message.Content.Encoded.Length;
        change(message);
        _counts[(int)message.State]++;
        Bytes += message.Content.Encoded.Length;
    }

    public QueuedMessage? Find(long sequence) => _all.TryGetValue(Probe(sequence), out var message) ? message : null;

    /// <summary>All from a sequence number on.</summary>
    public IEnumerable<QueuedMessage> From(long sequence) => _all.Count == 0 || _all.Max!.Sequence < sequence ? [] : _all.GetViewBetween(Probe(sequence), _all.Max);

    private static QueuedMessage Probe(long sequence) => new(sequence, null!);
}
