using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using ImageAspire.Embedded.Backup;
using Microsoft.Data.Sqlite;

namespace ImageAspire.AppHost.Embedded;

/// <summary>Commands of the command line that look after the store, whether or not the system runs on it: docs/operations.md.</summary>
internal static class StoreCommands
{
    private const int Done = 0;
    private const int Failed = 1;     // nothing was made, or verify found faults
    private const int Incomplete = 2; // a backup was made, of a store that lacks bytes
    private const int Cancelled = 130; // as shells say of Ctrl+C

    /// <summary><c>backup</c>, <c>restore</c> and <c>verify</c>.</summary>
    /// <param name="data">The option that names the data folder.</param>
    public static IEnumerable<Command> All(Option<string> data)
    {
        yield return Backup(data);
        yield return Restore(data);
        yield return Verify(data);
    }

    private static Command Backup(Option<string> data)
    {
        var target = new Argument<string>("DIR") { Description = "Folder for the backup: empty, or not there yet, outside of the data folder." };
        var copy = new Option<bool>("--copy") { Description = "Copy the bytes, even where a hard link would do." };
        var command = new Command("backup", "Make a backup of the data folder, while the system runs or not.") { target, copy };
        command.SetAction((parsed, _) => RunAsync(Folder(parsed, target), async cancellationToken =>
        {
            var folder = Folder(parsed, target);
            var made = await new StoreBackup(TimeProvider.System, new Lines()).RunAsync(Folder(parsed, data), folder, parsed.GetValue(copy), cancellationToken);
            await SayAsync(string.Create(CultureInfo.InvariantCulture,
                $"Backup complete: {made.Images:N0} images, {made.Files:N0} files, {Size(made.Bytes)} in '{folder}'."));
            if (made.Linked > 0)
                await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{made.Linked:N0} files are hard links and share the disk with the data folder: copy the backup to another one, too."));
            if (made.Faults == 0)
                return Done;
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{made.Faults:N0} files were missing or damaged in the store; everything else is in the backup. Run 'verify'."));
            return Incomplete;
        }));
        return command;
    }

    private static Command Restore(Option<string> data)
    {
        var source = new Argument<string>("DIR") { Description = "Folder of the backup." };
        var command = new Command("restore", "Make a data folder (--data) out of a backup. Never overwrites.") { source };
        command.SetAction((parsed, _) => RunAsync(Folder(parsed, data), async cancellationToken =>
        {
            var made = await new StoreRestore(TimeProvider.System, new Lines()).RunAsync(Folder(parsed, source), Folder(parsed, data), cancellationToken);
            await SayAsync(string.Create(CultureInfo.InvariantCulture,
                $"Restored: {made.Images:N0} images, {made.Files:N0} files, {Size(made.Bytes)} in '{Folder(parsed, data)}'. Start the system on it with --data."));
            return Done;
        }));
        return command;
    }

    private static Command Verify(Option<string> data)
    {
        var backup = new Argument<string?>("DIR") { Description = "Folder of a backup; without it the data folder is verified.", Arity = ArgumentArity.ZeroOrOne };
        var quick = new Option<bool>("--quick") { Description = "Look at sizes only, and do not read the bytes of images." };
        var command = new Command("verify", "Check the data folder, while the system runs or not, or a backup, and name every fault.") { backup, quick };
        command.SetAction((parsed, _) =>
        {
            var folder = parsed.GetValue(backup) is { } named ? Path.GetFullPath(named) : null;
            return RunAsync(folder ?? Folder(parsed, data), async cancellationToken =>
            {
                var verification = new StoreVerification(TimeProvider.System, new Lines());
                var found = folder is null
                    ? await verification.StoreAsync(Folder(parsed, data), parsed.GetValue(quick), cancellationToken)
                    : await verification.BackupAsync(folder, parsed.GetValue(quick), cancellationToken);
                if (found.Faults == 0)
                {
                    await SayAsync(string.Create(CultureInfo.InvariantCulture,
                        $"No faults: {found.Images:N0} images, {Size(found.Bytes)}{(parsed.GetValue(quick) ? "; bytes were not read (--quick)" : ", every byte read")}."));
                    return Done;
                }

                await SayAsync(string.Create(CultureInfo.InvariantCulture,
                    $"Faults: {found.Faults:N0}. {(folder is null ? "What each means is in docs/operations.md." : "Do not rely on this backup.")}"));
                return Failed;
            });
        });
        return command;
    }

    // Ctrl+C and SIGTERM end the work, which then tidies up after itself.
    private static async Task<int> RunAsync(string folder, Func<CancellationToken, Task<int>> work)
    {
        using var stopping = new CancellationTokenSource();
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        try
        {
            return await work(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return await FailAsync("Ended as asked; nothing was left behind.", Cancelled);
        }
        catch (BackupException error)
        {
            return await FailAsync(error.Message, Failed);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException)
        {
            return await FailAsync(IsFull(error) ? $"The disk of '{folder}' is full; nothing was left behind. Make room, or choose another disk." : error.Message, Failed);
        }
    }

    // ENOSPC, EDQUOT, and SQLITE_FULL as our stores say it.
    private static bool IsFull(Exception error) => error.HResult is 28 or 122 || error.InnerException is SqliteException { SqliteErrorCode: 13 };

    private static string Folder(ParseResult parsed, Symbol named) => Path.GetFullPath(named switch
    {
        Argument<string> argument => parsed.GetValue(argument)!,
        Option<string> option => parsed.GetValue(option)!,
        _ => throw new ArgumentException("Names no folder.", nameof(named)),
    });

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:N1} MiB");

    private static Task SayAsync(string line) => Console.Out.WriteLineAsync(line);

    private static async Task<int> FailAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync(message);
        return code;
    }

    private sealed class Lines : IProgress<string>
    {
        public void Report(string value) => Console.Out.WriteLine(value);
    }
}
