using System.Globalization;

namespace ImageAspire.Tests.ServiceBus.Model;

/// <summary>
/// Random operations through the broker do what a simple model says: which messages there are, in which state, who gets them, and when. A failure says its seed, and
/// the shortest list of operations that was found for it. <c>IMAGEASPIRE_TEST_SERVICEBUS_OPERATIONS</c> is how many, <c>IMAGEASPIRE_TEST_SEED</c> where they begin.
/// </summary>
public sealed class BrokerModelTests(ITestOutputHelper output)
{
    private const int Operations = 5_000, PerRun = 200, Durable = 4;

    [Fact]
    public async Task RandomOperations_DoWhatTheModelSays()
    {
        var (count, first) = (Setting("IMAGEASPIRE_TEST_SERVICEBUS_OPERATIONS", Operations), Setting("IMAGEASPIRE_TEST_SEED", Random.Shared.Next(1_000_000)));
        output.WriteLine($"{count} operations from seed {first}");
        for (var seed = first; (seed - first) * PerRun < count; seed++)
        {
            var isDurable = seed % Durable == 0;
            var operations = OperationGenerator.Make(new Random(seed), PerRun);
            if (await FailureAsync(seed, isDurable, operations) is not { } failure)
                continue;
            var shortest = await ShortenAsync(operations, async part => await FailureAsync(seed, isDurable, part) is not null);
            Assert.Fail(string.Join(Environment.NewLine,
                [$"IMAGEASPIRE_TEST_SEED={seed}: {failure}", $"Also with these of its operations ({(isDurable ? "durable" : "in memory")}): {await FailureAsync(seed, isDurable, shortest)}", .. shortest]));
        }
    }

    // It expires while the process is down: it was dead-lettered twice, and nothing started any more.
    [Fact]
    public Task MessageExpired_BeforeTheRestart_IsDeadLetteredOnce() => ModelRun.RunAsync(8, isDurable: true,
        [new Operation.Send(To: 2, Count: 3, Id: 5, Session: 0, IsRed: false, TimeToLive: 28, DueIn: null), new Operation.Wait(22), new Operation.Restart(7)]);

    // Its messages expire at the moment at which it is free: another receiver got an empty session.
    [Fact]
    public Task Session_WhoseMessagesHaveExpired_IsNotGranted() => ModelRun.RunAsync(2470, isDurable: false,
    [
        new Operation.AcceptSession(null, TakesForGood: false), new Operation.AcceptSession(null, TakesForGood: false),
        new Operation.Send(To: 1, Count: 3, Id: 29, Session: 3, IsRed: false, TimeToLive: null, DueIn: null),
        new Operation.Send(To: 1, Count: 2, Id: 29, Session: 1, IsRed: false, TimeToLive: 37, DueIn: null),
        new Operation.AcceptSession(null, TakesForGood: false), new Operation.Wait(57),
    ]);

    private static async Task<string?> FailureAsync(int seed, bool isDurable, List<Operation> operations)
    {
        try
        {
            await ModelRun.RunAsync(seed, isDurable, operations);
            return null;
        }
        catch (Exception error) // of any kind: the broker may throw what it should not
        {
            return error is ModelException ? error.Message : error.ToString();
        }
    }

    // Leaves out ever smaller parts, as long as it fails all the same.
    private static async Task<List<Operation>> ShortenAsync(List<Operation> operations, Func<List<Operation>, Task<bool>> failsAsync)
    {
        for (var size = operations.Count / 2; size > 0; size /= 2)
        {
            for (var at = 0; at < operations.Count;)
            {
                List<Operation> shorter = [.. operations.Take(at), .. operations.Skip(at + size)];
                if (await failsAsync(shorter))
                    operations = shorter;
                else
                    at += size;
            }
        }

        return operations;
    }

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
