using ImageAspire.ServiceBusEmulator;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

if (CommandLine.Parse(args) is not { } options)
    return 2;
using var stop = new StopSignals();
using var logging = LoggerFactory.Create(log => log.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
try
{
    await using var server = await ServiceBusEmulatorServer.StartAsync(options, logging: logging);
    CommandLine.Write(server);
    await stop.Requested;
    return 0;
}
catch (Exception error) when (error is InvalidOperationException or InvalidDataException or IOException or SqliteException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
