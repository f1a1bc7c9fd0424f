using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace ImageAspire.Benchmarks.Peers;

/// <summary>RabbitMQ on its default port on this machine: a durable topic exchange, two durable queues, persistent messages, confirms.</summary>
internal sealed class RabbitPeer : IAsyncDisposable
{
    private const string Exchange = "imageaspire-benchmark";
    private static readonly string[] Queues = ["imageaspire-benchmark-1", "imageaspire-benchmark-2"];
    private readonly IConnection _connection;
    private readonly List<IChannel> _channels = [];

    private RabbitPeer(IConnection connection) => _connection = connection;

    /// <summary>A channel for each publisher, as its documentation advises; null when it does not answer.</summary>
    public static async Task<RabbitPeer?> ConnectAsync(int publishers, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await new ConnectionFactory { HostName = "127.0.0.1", RequestedConnectionTimeout = TimeSpan.FromSeconds(2) }
                .CreateConnectionAsync(cancellationToken);
            var peer = new RabbitPeer(connection);
            for (var i = 0; i < publishers; i++)
            {
                peer._channels.Add(await connection.CreateChannelAsync(new CreateChannelOptions(
                    publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken));
            }

            var channel = peer._channels[0];
            await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
            foreach (var queue in Queues)
            {
                // A bounded queue: a benchmark must not fill the disk.
                await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false,
                    new Dictionary<string, object?> { ["x-max-length"] = 100_000 }, cancellationToken: cancellationToken);
                await channel.QueueBindAsync(queue, Exchange, "image.#", cancellationToken: cancellationToken);
            }

            return peer;
        }
        catch (BrokerUnreachableException)
        {
            return null;
        }
    }

    /// <summary>Publishes; when it returns, the message is confirmed.</summary>
    public async Task PublishAsync(int publisher, byte[] body, CancellationToken cancellationToken) =>
        await _channels[publisher].BasicPublishAsync(Exchange, "image.updated", mandatory: false,
            new BasicProperties { Persistent = true, MessageId = Guid.NewGuid().ToString("D") }, body, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var queue in Queues)
            await _channels[0].QueueDeleteAsync(queue);
        await _channels[0].ExchangeDeleteAsync(Exchange);
        foreach (var channel in _channels)
            await channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
