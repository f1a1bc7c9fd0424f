using Spectre.Console;
using Spectre.Console.Cli;

namespace ImageAspire.Cli.Backup;

/// <summary>Refuses an empty name, for example of a variable of a script that is not set.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NamesFolderAttribute() : ParameterValidationAttribute("The name of a folder must not be empty.")
{
    public override ValidationResult Validate(CommandParameterContext context) =>
        context.Value is "" ? ValidationResult.Error(ErrorMessage) : ValidationResult.Success();
}
