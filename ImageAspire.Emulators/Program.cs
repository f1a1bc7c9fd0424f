using System.Net.Sockets;
using System.Runtime.InteropServices;
using ImageAspire.Emulators;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

var (options, wrong) = CommandLine.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync($"{wrong} --help lists the options.");
    return 2;
}

var ended = new TaskCompletionSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
try
{
    await using var server = await MongoStandIn.StartAsync(options);
    Console.WriteLine($"MongoDB stand-in is ready on 127.0.0.1:{server.Port}");
    await ended.Task;
    return 0;
}
catch (Exception error) when (error is SocketException or IOException or UnauthorizedAccessException or InvalidDataException)
{
    await Console.Error.WriteLineAsync($"The stand-in for MongoDB cannot start: {error.Message}");
    return 1;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true; // it ends by itself, after what it is doing
    ended.TrySetResult();
}
