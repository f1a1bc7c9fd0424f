using Aspire.Hosting.Azure;
using Azure.Provisioning;
using Azure.Provisioning.CognitiveServices;
using Azure.Provisioning.Expressions;
using static Azure.Provisioning.Expressions.BicepFunction;

namespace ImageAspire.AppHost.Azure;

/// <summary>The Azure AI Vision account of a deployment.</summary>
internal static class VisionAccount
{
    // Built-in role "Cognitive Services User".
    private const string CognitiveServicesUser = "a97b65f3-24c7-4388-baec-2e87135dc908";

    /// <summary>Adds an account. Resources that reference it get the role to call it.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddVisionAccount(this IDistributedApplicationBuilder builder) =>
        builder.AddAzureProvisioning().AddResource(new VisionResource("vision", Describe))
            .WithAnnotation(new DefaultRoleAssignmentsAnnotation(new HashSet<RoleDefinition> { new(CognitiveServicesUser, nameof(CognitiveServicesUser)) }));

    private static void Describe(AzureResourceInfrastructure infrastructure)
    {
        var account = AzureProvisioningResource.CreateExistingOrNewProvisionableResource(infrastructure,
            (identifier, name) =>
            {
                var existing = CognitiveServicesAccount.FromExisting(identifier);
                existing.Name = name;
                return existing;
            },
            infra => new CognitiveServicesAccount(infra.AspireResource.GetBicepIdentifier())
            {
                Kind = "ComputerVision",
                Sku = new CognitiveServicesSku { Name = "S1" },
                Properties = new CognitiveServicesAccountProperties
                {
                    // Authentication with an identity requires a custom subdomain.
                    CustomSubDomainName = ToLower(Take(Concat(infra.AspireResource.Name, GetUniqueString(GetResourceGroup().Id)), 24)),
                    PublicNetworkAccess = ServiceAccountPublicNetworkAccess.Enabled,
                    DisableLocalAuth = true,
                },
                Tags = { { "aspire-resource-name", infra.AspireResource.Name } },
            });
        AddOutput(infrastructure, "endpoint", account.Properties.Endpoint.ToBicepExpression());
        AddOutput(infrastructure, "name", account.Name.ToBicepExpression()); // referenced by the modules of role assignments
    }

    private static void AddOutput(AzureResourceInfrastructure infrastructure, string name, BicepExpression value) =>
        infrastructure.Add(new ProvisioningOutput(name, typeof(string)) { Value = value });
}
