using ImageAspire.AppHost.Azure;
using ImageAspire.Core.Pipeline;

// The Azure edition. F5 starts all of this under Aspire's dashboard, with emulators in containers; `azd up` deploys it to Azure
// Container Apps. (The embedded edition, which needs neither, begins in Embedded/Program.cs.)

if (StoreCommands.Refuse(args))
    return 1;

var builder = DistributedApplication.CreateBuilder(args);
var settings = AppHostSettings.Read(builder.Configuration, builder.ExecutionContext);

// One key with every scope, generated at the first start and kept; it also opens the gallery.
var apiKey = builder.AddApiKey("api-key");

// The Api takes images in and tells about them; the Worker looks at them. They never call each other.
var api = builder.AddProject<Projects.ImageAspire_Api>("api")
    .WithExternalHttpEndpoints()
    .WithHealthProbes()
    .WithApiKey(apiKey)
    .WithGalleryLink(apiKey)
    .WithOperatorCommands(apiKey)
    .WithTraceLinks()
    .WithIconName("ImageMultiple");

var worker = builder.AddProject<Projects.ImageAspire_Worker>("worker")
    .WithReplicas(settings.Workers)
    .WithHealthWhenRun()
    .WithIconName("BrainCircuit");

if (settings.Embedded)
{
    // Everything in one folder, without Docker: for those who want Aspire's dashboard and nothing else.
    api.WithEmbeddedBackend(settings);
    worker.WithEmbeddedBackend(settings);
}
else
{
    // Bytes, documents, and the topic with one subscription for each stage.
    var storage = builder.AddImageStorage(settings);
    var images = storage.AddBlobContainer("images");
    var uploads = storage.AddBlobContainer("uploads"); // those that come in parts, until they are whole
    var documents = builder.AddDocuments(settings);
    var messaging = builder.AddMessaging(settings);
    var topic = messaging.AddImageEvents(settings);
    var subscriptions = Topology.DurableSubscriptions.Select(topic.AddStage).ToList();

    api.WithReference(images).WaitFor(images)
        .WithReference(uploads).WaitFor(uploads)
        .WithReference(documents).WaitFor(documents)
        .WithReference(messaging).WaitFor(topic)
        .WithLiveFeed(topic, settings);
    worker.WithReference(images).WaitFor(images)
        .WithReference(uploads).WaitFor(uploads)
        .WithReference(documents).WaitFor(documents)
        .WithReference(messaging).WaitForAll(subscriptions);

    // Without it the built-in analyser measures colours and light, and names no objects.
    if (builder.AddImageAnalysis(settings) is { } vision)
        worker.WithReference(vision);

    if (builder.ExecutionContext.IsPublishMode)
    {
        builder.AddContainerApps(api, worker);
        api.RunOnContainerApps(storage, messaging, settings);
        worker.RunOnContainerApps(storage, messaging, topic, subscriptions, settings);
    }
}

builder.Build().Run();
return 0;
