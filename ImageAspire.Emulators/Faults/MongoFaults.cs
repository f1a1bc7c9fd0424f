namespace ImageAspire.Emulators.Faults;

/// <summary>The faults of a stand-in. Several for the same command happen one after the other.</summary>
public sealed class MongoFaults
{
    private readonly Lock _lock = new();
    private readonly List<(MongoFault Fault, int Left)> _waiting = [];

    /// <summary>How many faults are still to come.</summary>
    public long Left
    {
        get
        {
            lock (_lock)
                return _waiting.Sum(one => (long)one.Left);
        }
    }

    /// <summary>Lets something go wrong from now on.</summary>
    public void Add(MongoFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_lock)
            _waiting.Add((fault, fault.Times));
    }

    /// <summary>Lets everything go right again. What hangs goes on hanging.</summary>
    public void Clear()
    {
        lock (_lock)
            _waiting.Clear();
    }

    /// <summary>What goes wrong with a command now; null: nothing.</summary>
    internal MongoFault? Next(string command)
    {
        lock (_lock)
        {
            var at = _waiting.FindIndex(one => one.Fault.Commands.Contains(command));
            if (at < 0)
                return null;
            var (fault, left) = _waiting[at];
            if (left == 1)
                _waiting.RemoveAt(at);
            else
                _waiting[at] = (fault, left - 1);
            return fault;
        }
    }
}
