using ImageAspire.ServiceBusEmulator.Broker;
using ImageAspire.ServiceBusEmulator.Messages;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>Attaches links to queues, topics and subscriptions.</summary>
internal sealed class EntityLinks(MessageBroker broker, IMessageCodec codec, TimeProvider time)
{
    private const string SessionFilter = "com.microsoft:session-filter", LockedUntil = "com.microsoft:locked-until-utc", Timeout = "com.microsoft:timeout", Destination = "com.microsoft:transfer-destination-address";
    private const uint DefaultWait = 60_000;
    // The answer must be there before the client stops waiting for it.
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(1), ShortestWait = TimeSpan.FromMilliseconds(200);

    /// <summary>A client sends.</summary>
    public async Task StartSenderAsync(ReceivingAmqpLink link)
    {
        var address = LinkExtensions.AddressOf(link.Settings.Target);
        if (link.Settings.Properties is { } properties && properties.TryGetValue<object>(Destination, out var destination))
            address = destination.ToString()!; // a transaction over several entities: it is in one broker here
        await broker.DoAsync(entities => entities.GetQueue(address));
        new IncomingLink(link, address, broker, codec).Start();
    }

    /// <summary>A client receives.</summary>
    public async Task StartReceiverAsync(SendingAmqpLink link)
    {
        var source = (Source)link.Settings.Source;
        var queue = await broker.DoAsync(entities => entities.GetQueue(LinkExtensions.AddressOf(source)));
        var consumer = new OutgoingLink(link, broker) { Queue = queue };
        if (source.FilterSet?.TryGetValue<object>(SessionFilter, out var wanted) is true)
        {
            await LockSessionAsync(link, consumer, source, SessionIdOf(wanted));
        }
        else
        {
            await broker.DoAsync(_ =>
            {
                queue.Attach(consumer);
                return true;
            });
        }

        link.Settings.Properties ??= [];
        consumer.Start();
        if (link.IsClosing())
            consumer.Stop(); // closed before anyone could hear of it
    }

    private async Task LockSessionAsync(SendingAmqpLink link, OutgoingLink consumer, Source source, string? wanted)
    {
        var request = new SessionRequest(wanted, consumer, new TaskCompletionSource<SessionGrant>(TaskCreationOptions.RunContinuationsAsynchronously));
        await broker.DoAsync(_ =>
        {
            consumer.Queue.Request(request);
            return true;
        });
        link.Closed += (_, _) => request.Granted.TrySetException(NoSession());
        var grant = await GrantAsync(consumer, request, Wait(link));
        consumer.SessionId = grant.SessionId;
        source.FilterSet[SessionFilter] = grant.SessionId;
        (link.Settings.Properties ??= [])[LockedUntil] = grant.LockedUntil.UtcTicks;
    }

    private async Task<SessionGrant> GrantAsync(OutgoingLink consumer, SessionRequest request, TimeSpan wait)
    {
        try
        {
            return await request.Granted.Task.WaitAsync(wait, time);
        }
        catch (Exception error) when (error is TimeoutException or BrokerException)
        {
            await broker.DoAsync(_ =>
            {
                consumer.Queue.Withdraw(request);
                return true;
            });
            // It may have been granted in the very last moment.
            if (error is TimeoutException && request.Granted.Task is { IsCompletedSuccessfully: true } late)
                return await late;
            throw NoSession();
        }
    }

    private static BrokerException NoSession() => new(BrokerError.NoSession, "No session with messages became free in time.");

    private static TimeSpan Wait(SendingAmqpLink link)
    {
        var wait = DefaultWait;
        if (link.Settings.Properties is { } properties && properties.TryGetValue<uint>(Timeout, out var asked))
            wait = asked;
        var span = TimeSpan.FromMilliseconds(wait) - Ahead;
        return span < ShortestWait ? ShortestWait : span;
    }

    private static string? SessionIdOf(object? filter) => (filter is Microsoft.Azure.Amqp.Encoding.DescribedType described ? described.Value : filter)?.ToString();
}
