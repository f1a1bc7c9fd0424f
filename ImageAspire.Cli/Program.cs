using ImageAspire.Cli;
using ImageAspire.Cli.Output;

using var signals = new StopSignals();
return await CommandLine.RunAsync(args, new CommandOutput(OutputConsole.Create(), Console.Error), signals.Stopping);
