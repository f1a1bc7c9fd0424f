using ImageAspire.Cli.Backup;
using ImageAspire.Cli.Output;
using Spectre.Console.Cli;

namespace ImageAspire.Cli;

/// <summary>The commands, and the errors of wrong usage.</summary>
internal static class CommandLine
{
    public const string Name = "imageaspire";

    /// <summary>Runs a command; returns one of <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(string[] args, CommandOutput output, CancellationToken cancellationToken)
    {
        var app = new CommandApp();
        app.Configure(config =>
        {
            config.SetApplicationName(Name);
            config.UseAssemblyInformationalVersion();
            config.ConfigureConsole(output.Console);
            config.SetHelpProvider(new HelpWithExitCodes(config.Settings));
            config.SetExceptionHandler((error, resolver) => output.Fail(Explain(error, resolver)));
            config.Settings.Registrar.RegisterInstance<ICommandInterceptor>(new UnknownArguments());
            config.Settings.Registrar.RegisterInstance<CommandOutput>(output);
            config.Settings.Registrar.RegisterInstance<TimeProvider>(TimeProvider.System);

            config.AddCommand<BackupCommand>("backup")
                .WithDescription("Make a backup of the data folder, while the system runs or not.")
                .WithExample("backup", "/mnt/backup/monday", "--data", "/srv/imageaspire");
            config.AddCommand<RestoreCommand>("restore")
                .WithDescription("Create a data folder (--data) from a backup. Never overwrites.")
                .WithExample("restore", "/mnt/backup/monday", "--data", "/srv/imageaspire-restored");
            config.AddCommand<VerifyCommand>("verify")
                .WithDescription("Check the data folder, while the system runs or not, or a backup, and report every fault.")
                .WithExample("verify", "/mnt/backup/monday");
        });
        var exitCode = await app.RunAsync(args, cancellationToken);
        return args.Length == 0 ? ExitCodes.Failed : exitCode; // only the help was printed
    }

    private static string Explain(Exception error, ITypeResolver? resolver) => error switch
    {
        // An unknown option takes the next argument as its value; the option is the error to report.
        CommandAppException or UsageException => $"{UnknownArguments.Describe(resolver) ?? error.Message} See '{Name} --help'.",
        _ => error.ToString(),
    };
}
