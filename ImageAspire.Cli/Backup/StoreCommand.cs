using System.Globalization;
using ImageAspire.Cli.Output;
using ImageAspire.Embedded.Backup;
using Microsoft.Data.Sqlite;
using Spectre.Console.Cli;

namespace ImageAspire.Cli.Backup;

/// <summary>A command on the store, whether or not the system is running on it (docs/operations.md). Turns errors into exit codes.</summary>
internal abstract class StoreCommand<TSettings>(CommandOutput output, TimeProvider time) : AsyncCommand<TSettings>
    where TSettings : StoreSettings
{
    protected CommandOutput Output => output;

    protected TimeProvider Time => time;

    public sealed override async Task<int> ExecuteAsync(CommandContext context, TSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(settings, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return output.Fail("Cancelled; nothing was left behind.", ExitCodes.Cancelled);
        }
        catch (BackupException error)
        {
            return output.Fail(error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException)
        {
            return output.Fail(IsFull(error) ? $"The disk of '{Target(settings)}' is full; nothing was left behind. Free some space, or choose another disk." : error.Message);
        }
    }

    protected abstract Task<int> RunAsync(TSettings settings, CancellationToken cancellationToken);

    /// <summary>The folder that the command writes, or reads when it writes nothing.</summary>
    protected abstract string Target(TSettings settings);

    /// <summary>A number with separators.</summary>
    protected static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A size in MiB.</summary>
    protected static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:N1} MiB");

    // ENOSPC, EDQUOT, and SQLITE_FULL as our stores report it.
    private static bool IsFull(Exception error) => error.HResult is 28 or 122 || error.InnerException is SqliteException { SqliteErrorCode: 13 };
}
