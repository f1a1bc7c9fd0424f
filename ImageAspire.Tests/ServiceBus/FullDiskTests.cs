using System.Net;
using Azure.Messaging.ServiceBus;
using ImageAspire.ServiceBusEmulator;
using ImageAspire.ServiceBusEmulator.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>A store that cannot be written, and then can: a trigger in its file fails the first write of a message, as a full disk does.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servicebus-full-").FullName;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Full_NothingIsAcknowledged_HealthSaysWhy_UntilThereIsRoom()
    {
        await using (var emulator = await StartAsync())
            await emulator.QueueAsync(options => options.Name = "q");
        FailFirstWrite("no room");
        await using var full = await StartAsync();
        await using var sender = full.Client.CreateSender("q");

        var sending = sender.SendMessageAsync(new ServiceBusMessage("x"));

        await Eventually.TrueAsync(async () => (await HealthAsync(full)).Status == HttpStatusCode.ServiceUnavailable);
        (await HealthAsync(full)).Report.ShouldContain("no room");
        sending.IsCompleted.ShouldBeFalse();
        await Eventually.TrueAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1)); // it tries again each second
            return sending.IsCompleted;
        });
        await sending;
        (await HealthAsync(full)).Status.ShouldBe(HttpStatusCode.OK);
        await using var receiver = full.Client.CreateReceiver("q");
        (await receiver.ReceiveMessageAsync(EmulatorFixture.Long)).Body.ToString().ShouldBe("x");
    }

    private async Task<EmulatorFixture> StartAsync()
    {
        var emulator = new EmulatorFixture(_clock, new ServiceBusEmulatorOptions { DataFolder = _folder });
        await emulator.InitializeAsync();
        return emulator;
    }

    private static async Task<(HttpStatusCode Status, string Report)> HealthAsync(EmulatorFixture emulator)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync($"http://localhost:{emulator.Server.AdministrationPort}/health");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    // A transaction reserves sequence numbers before the message: one change at the first try, and one more at the second.
    private void FailFirstWrite(string reason)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, SqliteStore.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // a constant of this class
        command.CommandText = $"CREATE TRIGGER full BEFORE INSERT ON messages WHEN total_changes() < 2 BEGIN SELECT RAISE(ABORT, '{reason}'); END";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
