namespace ImageAspire.AppHost.Azure;

/// <summary>Commands of the embedded edition. Here the services that keep the data have backups of their own.</summary>
internal static class StoreCommands
{
    /// <summary>Whether one of them was given; then it was answered.</summary>
    /// <param name="args">The command line.</param>
    public static bool Refuse(string[] args)
    {
        if (args is not [("backup" or "restore" or "verify") and var command, ..])
            return false;
        Console.Error.WriteLine($"'{command}' looks after a data folder of the embedded edition (build with -p:Edition=Embedded). "
            + "What to use for Azure is in docs/operations.md, 'Backup in Azure'.");
        return true;
    }
}
