using ImageAspire.ServiceBusEmulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

if (CommandLine.IsHelp(args))
    return CommandLine.Help();
if (CommandLine.Parse(args) is not { } options)
    return 2;
var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
    .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // what keeps it from starting is in the line below, without a stack trace
builder.Services.AddServiceBusEmulator(options);
using var host = builder.Build();
try
{
    await host.StartAsync();
    CommandLine.Write(host.Services.GetRequiredService<ServiceBusEmulatorHost>().Server);
    await host.WaitForShutdownAsync();
    return 0;
}
catch (Exception error) when (error is InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
