using System.Diagnostics;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Tests.Faults.Crashes;

namespace ImageAspire.Tests.Faults;

/// <summary>The system's clock is set while a process waits for the writer lock of a database.</summary>
[Trait("Category", "Slow")]
public sealed class WriterMutexClockTests : IDisposable
{
    /// <summary>Argument of this assembly's program; a database follows. It writes to it once.</summary>
    public const string Argument = "acquire-writer-mutex";

    private readonly TempFolder _folder = new();

    private string Database => Path.Combine(_folder.Root, "some.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Acquire_ClockIsAnotherThanTheWaitsEnd_WaitsForItsPatience()
    {
        using var clock = ProcessClock.TryCreate();
        Assert.SkipWhen(clock is null, "The clock of other processes can be set on Linux with a C compiler (cc) only.");
        clock!.Set(-TimeSpan.FromHours(1)); // the end of a wait that is computed from it has passed
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(WriterMutexClockTests).Assembly.Location, Argument, Database]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in clock.Environment)
            start.Environment[name] = value;
        using var end = new ManualResetEventSlim();
        using var acquired = new ManualResetEventSlim();
        var holder = Task.Run(() => // it belongs to a thread
        {
            using var mutex = new WriterMutex(Database);
            using (mutex.Acquire())
            {
                acquired.Set();
                return end.Wait(TimeSpan.FromSeconds(60));
            }
        });
        acquired.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue();

        using var process = Process.Start(start)!;
        var failed = process.StandardError.ReadToEndAsync();
        (await process.StandardOutput.ReadLineAsync()).ShouldBe("waits");
        var said = process.StandardOutput.ReadLineAsync();
        // One second is far more than a process needs that does not wait, and far less than its patience.
        await Task.WhenAny(said, Task.Delay(TimeSpan.FromSeconds(1)));
        said.IsCompleted.ShouldBeFalse(said.IsCompleted ? await failed : null);
        end.Set();

        (await said).ShouldBe("held");
        (await holder).ShouldBeTrue();
    }

    /// <summary>The program.</summary>
    public static async Task<int> RunAsync(string database)
    {
        using var mutex = new WriterMutex(database);
        await Console.Out.WriteLineAsync("waits");
        using (mutex.Acquire())
            Console.WriteLine("held");
        return 0;
    }
}
