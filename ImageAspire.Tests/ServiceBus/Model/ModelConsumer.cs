using ImageAspire.ServiceBusEmulator.Broker;

namespace ImageAspire.Tests.ServiceBus.Model;

/// <summary>What the broker did to a receiver, in order: a delivery, a session, or the end.</summary>
internal sealed record ModelEvent(ModelConsumer Consumer, MessageSnapshot? Delivery, SessionGrant? Grant, bool IsTaken);

/// <summary>A receiver, which notes what it gets.</summary>
internal sealed class ModelConsumer(ModelQueue queue, bool takesForGood, List<ModelEvent> events) : IConsumer
{
    private int _reserved;

    public ModelQueue Queue => queue;

    public bool TakesForGood => takesForGood;

    public string? SessionId { get; set; }

    public SessionRequest? Request { get; set; }

    /// <summary>Messages that it still takes.</summary>
    public int Credit { get; set; }

    /// <summary>Whether the next delivery to it fails.</summary>
    public bool Fails { get; set; }

    public bool TryReserve()
    {
        if (_reserved >= Credit)
            return false;
        _reserved++;
        return true;
    }

    public bool Deliver(MessageSnapshot delivery)
    {
        if (--_reserved < 0)
            throw new InvalidOperationException("A delivery without a reservation.");
        Credit--;
        var isTaken = !Fails;
        Fails = false;
        events.Add(new ModelEvent(this, delivery, null, isTaken));
        return isTaken;
    }

    public void Grant(SessionGrant grant) => events.Add(new ModelEvent(this, null, grant, true));

    public void End(BrokerException reason) => events.Add(new ModelEvent(this, null, null, false));
}
