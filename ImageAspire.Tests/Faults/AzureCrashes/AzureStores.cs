using System.Net;
using System.Net.Sockets;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageAspire.AppHost.Emulators;
using ImageAspire.AppHost.Model;
using ImageAspire.ServiceBusEmulator.Hosting;
using ImageAspire.Tests.Faults.Crashes;
using ImageAspire.Tests.Requirements;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Tests.Faults.AzureCrashes;

/// <summary>The stores of the Azure backend on the emulators that <c>--backend Azure</c> starts, each of which the run kills.</summary>
internal sealed class AzureStores : ICrashStores
{
    private const string Account = "devstoreaccount1";

    // Every kill is a delivery of the messages under way.
    private const int MaxDeliveryCount = 2000;

    private readonly string _folder;
    private readonly string _key = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
    private readonly (int Documents, int Storage, int Messaging, int Administration) _ports = (CrashSystem.Port(), CrashSystem.Port(), CrashSystem.Port(), CrashSystem.Port());

    /// <param name="folder">An empty folder.</param>
    /// <param name="lockDuration">Of the messages.</param>
    public AzureStores(string folder, TimeSpan lockDuration)
    {
        _folder = folder;
        File.WriteAllBytes(Path.Combine(folder, "Config.json"), EmulatorConfigFile.ToJson(Topology(lockDuration)));
        Processes =
        [
            new StoreProcess("documents", () => Start("documents", Dotnet(Programs.Emulators), "--port", $"{_ports.Documents}", "--data", Data("documents")), one => ReadyAsync(one, () => ConnectAsync(_ports.Documents))),
            new StoreProcess("storage", StartStorage, one => ReadyAsync(one, CreateContainersAsync)),
            new StoreProcess("messaging", () => Start("messaging", Dotnet(Programs.ServiceBusEmulator), "--amqp-port", $"{_ports.Messaging}", "--admin-port", $"{_ports.Administration}",
                "--config", Path.Combine(folder, "Config.json"), "--data", Data("messaging")), one => ReadyAsync(one, () => ConnectAsync(_ports.Messaging))),
        ];
    }

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Backend"] = "Azure",
        ["ConnectionStrings__imagesdb"] = $"mongodb://127.0.0.1:{_ports.Documents}/imagesdb",
        ["ConnectionStrings__images"] = $"{StorageAccount}ContainerName=images",
        ["ConnectionStrings__uploads"] = $"{StorageAccount}ContainerName=uploads",
        ["ConnectionStrings__messaging"] = Namespace(_ports.Messaging),
        ["ConnectionStrings__messaging-administration"] = Namespace(_ports.Administration),
    };

    public IReadOnlyList<StoreProcess> Processes { get; }

    private string StorageAccount => $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={_key};BlobEndpoint=http://127.0.0.1:{_ports.Storage}/{Account};";

    public async Task<IReadOnlySet<string>> BlobsAsync()
    {
        var names = new HashSet<string>();
        await foreach (var blob in new BlobContainerClient(StorageAccount, "images").GetBlobsAsync(BlobTraits.None, BlobStates.None, null, CancellationToken.None))
            names.Add(blob.Name[(blob.Name.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        return names;
    }

    public async Task<bool> HasUnpublishedAsync()
    {
        using var client = new MongoClient($"mongodb://127.0.0.1:{_ports.Documents}/");
        return await client.GetDatabase("imagesdb").GetCollection<BsonDocument>("images").Find(Builders<BsonDocument>.Filter.Exists("outbox.0")).AnyAsync();
    }

    public string? HolderProblem(int running) => null; // processes lease nothing but messages and uploads

    public IEnumerable<string> Problems() => [];

    public IReadOnlyList<string> AgeUploads() => []; // the emulator sets the times of blobs

    private static EmulatorEntities Topology(TimeSpan lockDuration)
    {
        var topic = new TopicBuilder(AzureTopology.Topic.Name);
        MessagingEmulator.Declare(topic);
        foreach (var subscription in topic.Definition.Subscriptions)
            (subscription.Properties.LockDuration, subscription.Properties.MaxDeliveryCount) = (lockDuration, MaxDeliveryCount);
        return new EmulatorEntities { Topics = { topic.Definition } };
    }

    private static string Namespace(int port) => $"Endpoint=sb://localhost:{port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;";

    private static ProgramStart Dotnet(string program) => new("dotnet", "exec", program);

    private ChildService StartStorage() => ChildService.Start("storage", new ProgramStart("node", Path.Combine(NodePackages.Azurite.Folder, "start.cjs")),
        ["--blobHost", "127.0.0.1", "--blobPort", $"{_ports.Storage}", "--location", Data("storage"), "--skipApiVersionCheck", "--disableTelemetry", "--silent"],
        new Dictionary<string, string> { ["AZURITE_ACCOUNTS"] = $"{Account}:{_key}", ["IMAGEASPIRE_STOP_WITH_PARENT"] = "1" });

    private static ChildService Start(string role, ProgramStart program, params string[] arguments) => ChildService.Start(role, program, arguments, new Dictionary<string, string>());

    private string Data(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    private static async Task ReadyAsync(ChildService process, Func<Task> attempt)
    {
        for (var i = 0; i < 1_000 && !process.HasExited; i++)
        {
            try
            {
                await attempt();
                return;
            }
            catch (Exception error) when (error is SocketException or global::Azure.RequestFailedException)
            {
                await Task.Delay(20); // not yet
            }
        }
    }

    private static async Task ConnectAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
    }

    private async Task CreateContainersAsync()
    {
        foreach (var container in AzureTopology.Containers)
            await new BlobContainerClient(StorageAccount, container, new BlobClientOptions { Retry = { MaxRetries = 0 } }).CreateIfNotExistsAsync();
    }
}
