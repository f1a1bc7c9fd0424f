using ImageAspire.Core.Errors;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Upgrades;

/// <summary>Whether this version can use a data folder, for programs that start others.</summary>
public static class StoreCompatibility
{
    /// <summary>What is wrong and what to do, in one line; null when this version can use the folder, or it is new. A folder that cannot be read is left to those who use it.</summary>
    /// <param name="dataFolder">The data folder.</param>
    public static string? FindProblem(string dataFolder)
    {
        try
        {
            StoreVersions.Check(dataFolder);
            return null;
        }
        catch (StoreUnavailableException error) when (error.Problem == StoreProblem.Incompatible)
        {
            return error.Message;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException)
        {
            return null;
        }
    }
}
