using ImageAspire.ServiceBusEmulator.Broker;
using ImageAspire.ServiceBusEmulator.Filters;
using ImageAspire.ServiceBusEmulator.Messages;
using ImageAspire.ServiceBusEmulator.Store;
using ImageAspire.ServiceBusEmulator.Wire;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.ServiceBus.Model;

/// <summary>The real broker with the real store and codec, under a clock that the run moves.</summary>
internal sealed class BrokerUnderTest : IAsyncDisposable
{
    // What survives a process is kept in memory where there is such a file system: a commit is then a matter of microseconds.
    private static readonly string Root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
    private readonly string? _folder;
    private readonly AmqpMessageCodec _codec = new();
    private readonly FakeLogger<Journal> _log = new();
    private IMessageStore _store = null!;
    private MessageBroker _broker = null!;

    private BrokerUnderTest(bool isDurable) => _folder = isDurable ? Directory.CreateDirectory(Path.Combine(Root, $"servicebus-model-{Guid.NewGuid():N}")).FullName : null;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public bool IsDurable => _folder is not null;

    public static async Task<BrokerUnderTest> StartAsync(bool isDurable, IReadOnlyList<EntityDefinition> entities)
    {
        var broker = new BrokerUnderTest(isDurable);
        broker.Open();
        await broker._broker.EnsureAsync(entities);
        return broker;
    }

    public async Task RestartAsync(TimeSpan pause)
    {
        await CloseAsync();
        Clock.Advance(pause);
        Open();
    }

    /// <summary>Runs work alone, and returns when it is durable and all that follows from it is done.</summary>
    public async Task<T> DoAsync<T>(Func<EntityDirectory, T> work, Func<int> effects)
    {
        var result = await _broker.DoAsync(work);
        for (var before = -1; before != effects();) // an effect, as a delivery that fails, may have effects
        {
            before = effects();
            await _broker.DoAsync(_ => true);
        }

        if (_log.Collector.Count > 0)
            throw new ModelException(_log.LatestRecord.Exception?.ToString() ?? _log.LatestRecord.Message);
        return result;
    }

    public MessageContent Encode(ModelContent content)
    {
        var header = content.TimeToLive is { } time ? new Header { Ttl = (uint)time.TotalMilliseconds } : null;
        var annotations = content.Due is { } due ? new MessageAnnotations { Map = { [AmqpMessageCodec.ScheduledEnqueueTime] = due.UtcDateTime } } : null;
        var properties = new Properties { MessageId = content.Id, GroupId = content.Session, Subject = content.IsRed ? "red" : null };
        var buffer = new ByteBuffer(512, true);
        header?.Encode(buffer);
        annotations?.Encode(buffer);
        properties.Encode(buffer);
        new AmqpValue { Value = content.Id }.Encode(buffer);
        return _codec.Decode(buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray());
    }

    public Dictionary<string, object?> PropertiesOf(MessageContent content) => _codec.Read(content).User;

    public static Rule Red { get; } = new("red", new CorrelationFilter(new Dictionary<string, string> { [MessageProperties.Label] = "red" }, new Dictionary<string, object?>()), null, default);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    private void Open()
    {
        _store = _folder is null ? new MemoryStore() : new SqliteStore(_folder, Clock, new FakeLogger<SqliteStore>());
        _broker = new MessageBroker(_store, _codec, Clock, _log);
    }

    private ValueTask CloseAsync()
    {
        _broker.Dispose();
        return _store.DisposeAsync();
    }
}

/// <summary>The broker did something that the model does not allow.</summary>
internal sealed class ModelException(string message) : Exception(message);
