using ImageAspire.Benchmarks;
using ImageAspire.Benchmarks.Peers;
using ImageAspire.Benchmarks.Sight;
using ImageAspire.Imaging.Isolation;

(string Name, string What, Func<string[], CancellationToken, Task<int>> Run)[] benchmarks =
[
    ("upload", UploadBenchmark.What, UploadBenchmark.RunAsync),
    ("list", ListBenchmark.What, ListBenchmark.RunAsync),
    ("bus", BusBenchmark.What, BusBenchmark.RunAsync),
    ("servicebus", ServiceBusBenchmark.What, ServiceBusBenchmark.RunAsync),
    ("thumbnails", ThumbnailBenchmark.What, ThumbnailBenchmark.RunAsync),
    ("decode", DecodeBenchmark.What, DecodeBenchmark.RunAsync),
    ("vision", VisionBenchmark.What, VisionBenchmark.RunAsync),
    ("sight", SightBenchmark.What, SightBenchmark.RunAsync),
    ("coldstart", ColdStartBenchmark.What, ColdStartBenchmark.RunAsync),
    ("vectors", VectorBenchmark.What, VectorBenchmark.RunAsync),
    ("meaning", MeaningBenchmark.What, MeaningBenchmark.RunAsync),
    ("scale", ScaleBenchmark.What, ScaleBenchmark.RunAsync),
    ("load", LoadBenchmark.What, LoadBenchmark.RunAsync),
    ("soak", SoakBenchmark.What, SoakBenchmark.RunAsync),
];

if (DecoderProgram.IsRequested(args))
    return await DecoderProgram.RunAsync(args);
if (args is [] or ["--help" or "-h" or "help", ..])
{
    Console.WriteLine("dotnet run -c Release --project ImageAspire.Benchmarks -- NAME [options]");
    foreach (var (name, what, _) in benchmarks)
        Console.WriteLine($"{Environment.NewLine}{name}{Environment.NewLine}    {what.Replace("\n", "\n    ", StringComparison.Ordinal)}");
    return 0;
}

using var end = new CancellationTokenSource(TimeSpan.FromHours(1)); // no benchmark may run without end
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true; // so that peers are stopped and temporary folders are removed
    end.Cancel();
};
try
{
    if (args[0] == BareKestrel.Name)
        return await BareKestrel.RunAsync(args[1..], end.Token);
    if (args[0] == BusListener.Name)
        return await BusListener.RunAsync(args[1..], end.Token);
    foreach (var (name, _, run) in benchmarks)
    {
        if (name == args[0])
            return await run(args[1..], end.Token);
    }

    await Console.Error.WriteLineAsync($"There is no benchmark '{args[0]}'. --help lists them.");
    return 2;
}
catch (Exception error) when (error is ArgumentException or InvalidOperationException or FileNotFoundException)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}
catch (OperationCanceledException) when (end.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 1;
}
