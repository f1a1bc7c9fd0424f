using ImageAspire.ServiceBusEmulator.Store;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>Gives each number once, across restarts: numbers are reserved in the store by the thousand.</summary>
internal sealed class SequenceNumbers(Journal journal, long queue)
{
    private const long Block = 1_000;
    private long _last, _reserved;

    public long Next()
    {
        if (_last == _reserved)
        {
            _reserved += Block;
            journal.Record(new StoreChange.Reserve(queue, _reserved));
        }

        return ++_last;
    }

    /// <summary>Goes on after a number that was given away, or may have been.</summary>
    public void Load(long reserved) => _last = _reserved = Math.Max(_reserved, reserved);
}
