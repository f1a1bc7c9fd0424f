using ImageAspire.Azure.Alarms;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Azure;

public sealed class MongoAlarmStoreTests : AlarmStoreContract, IAsyncLifetime
{
    private readonly MongoTestDatabase _mongo = new();

    protected override IAlarmStore Open() => new MongoAlarmStore(_mongo.Database);

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();
}
