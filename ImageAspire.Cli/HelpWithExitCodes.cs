using Spectre.Console;
using Spectre.Console.Cli;
using Spectre.Console.Cli.Help;
using Spectre.Console.Rendering;

namespace ImageAspire.Cli;

/// <summary>The help, followed by the exit codes.</summary>
internal sealed class HelpWithExitCodes(ICommandAppSettings settings) : HelpProvider(settings)
{
    private const string ExitCodeHelp = """

        EXIT CODES:
            0      Done; no faults
            1      Not done (the reason is on standard error), or verify found faults
            2      A backup was made of a store that lacks bytes
            130    Ended by Ctrl+C or SIGTERM; nothing was left behind

        """;

    public override IEnumerable<IRenderable> GetFooter(ICommandModel model, ICommandInfo? command) => [new Text(ExitCodeHelp)];
}
