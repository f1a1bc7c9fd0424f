using System.Net;
using System.Net.Sockets;
using ImageAspire.ServiceBusEmulator.Store;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>The program: its exit codes, and one line, without a stack trace, for what keeps it from starting.</summary>
[Trait("Category", "Slow")]
public sealed class EmulatorProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servicebus-program-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("There is no option '--colour'.", "--colour", "red")]
    [InlineData("--config needs a value.", "--config")]
    [InlineData("--data needs a value.", "--data", "")]
    [InlineData("--amqp-port takes a whole number up to 2147483647, not 'x'.", "--amqp-port", "x")]
    public async Task WrongOption_IsNamed(string error, params string[] arguments) => await ShouldEndAsync(2, $"{error} --help lists the options.", arguments);

    [Fact]
    public async Task Help_ListsTheOptions()
    {
        var (exitCode, output, error) = await EmulatorProcess.RunAsync("--help");

        (exitCode, error).ShouldBe((0, ""));
        foreach (var option in (string[])["--config", "--data", "--amqp-port", "--admin-port", "--max-message-bytes", "--max-connections"])
            output.ShouldContain(option);
    }

    [Fact]
    public async Task OptionOutOfRange_IsNamed() => await ShouldEndAsync(1, "AmqpPort is from 0 to 65535, not 70000.", "--amqp-port", "70000");

    [Fact]
    public async Task ConfigThatIsMissing_IsNamed() => await ShouldEndAsync(1, "missing.json", "--config", Path.Combine(_folder, "missing.json"));

    [Fact]
    public async Task StoreThatIsNone_IsNamed()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, SqliteStore.FileName), [.. Enumerable.Repeat((byte)'x', 8_192)]);

        await ShouldEndAsync(1, $"The store in {_folder} cannot be used: ", "--data", _folder, "--amqp-port", "0", "--admin-port", "0");
    }

    [Fact]
    public async Task FolderThatIsAFile_IsNamed()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "");

        await ShouldEndAsync(1, file, "--data", file, "--amqp-port", "0", "--admin-port", "0");
    }

    [Fact]
    public async Task PortThatIsTaken_IsNamed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        await ShouldEndAsync(1, $"127.0.0.1:{port}", "--amqp-port", $"{port}", "--admin-port", "0");
    }

    [Fact]
    public async Task Terminated_EndsWithoutError()
    {
        Requires.Linux();
        var config = Path.Combine(_folder, "Config.json");
        await File.WriteAllTextAsync(config, """{ "UserConfig": { } }""");
        await using var emulator = await EmulatorProcess.StartAsync(_folder, config, 0, 0);

        (await emulator.StopAsync()).ShouldBe(0);
    }

    private static async Task ShouldEndAsync(int expected, string message, params string[] arguments)
    {
        var (exitCode, output, error) = await EmulatorProcess.RunAsync(arguments);

        (exitCode, output).ShouldBe((expected, ""));
        error.ShouldContain(message);
        error.TrimEnd().ShouldNotContain('\n');
    }
}
