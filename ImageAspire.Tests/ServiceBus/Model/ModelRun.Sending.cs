using ImageAspire.ServiceBusEmulator.Broker;

namespace ImageAspire.Tests.ServiceBus.Model;

/// <summary>What senders do.</summary>
internal sealed partial class ModelRun
{
    private async Task SendAsync(Operation.Send send)
    {
        var queue = Pick(_model.Addresses, send.To);
        if (_model.Queues.Any(one => one.Messages.Count >= MaxMessages))
            return;
        var contents = Enumerable.Range(send.Id, send.Count).Select(id => new ModelContent($"m{id}", queue.HasSessions ? SessionId(send.Session) : null, send.IsRed,
            send.TimeToLive is { } time ? TimeSpan.FromSeconds(time) : null, send.DueIn is { } due ? Now.AddSeconds(due) : null)).ToList();
        var encoded = contents.ConvertAll(_broker.Encode);

        var sequences = await DoAsync(entities => MessageBroker.Send(entities, queue.Path, encoded));

        MustBe(string.Join(' ', sequences), string.Join(' ', contents.ConvertAll(content => queue.Send(content, Now))), "sequence numbers");
        Follow([], isOrdered: true);
    }

    private async Task SendRefusedAsync(ModelQueue queue)
    {
        var good = new ModelContent("good", SessionId(0), false, null, null);
        var bad = queue.HasSessions ? good with { Session = null } : good with { Id = new string('x', 129) };
        var encoded = new[] { good, bad }.Select(_broker.Encode).ToList();

        MustBe(await TryAsync(entities => MessageBroker.Send(entities, queue.Path, encoded)), queue.HasSessions ? BrokerError.NotAllowed : BrokerError.Invalid, "refusal");

        Follow([], isOrdered: true);
    }

    private async Task CancelAsync(ModelQueue queue, int pick)
    {
        var scheduled = queue.Messages.Values.Where(message => message.State == MessageState.Scheduled).ToList();
        var sequence = scheduled.Count == 0 ? pick : Pick(scheduled, pick).Sequence;

        MustBe(await DoAsync(entities => entities.GetQueue(queue.Path).Cancel(sequence)), scheduled.Count > 0, "cancelled");

        if (scheduled.Count > 0)
            queue.Messages.Remove(sequence);
    }
}
