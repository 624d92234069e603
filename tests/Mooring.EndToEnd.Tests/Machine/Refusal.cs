using Mooring.Client;

namespace Mooring.EndToEnd.Tests.Machine;

internal static class Refusal
{
    /// <summary>Makes a call that must be refused with this code, and returns the server's words.</summary>
    public static async Task<string> OfAsync(int code, Func<Task> call)
    {
        var refusal = await Should.ThrowAsync<MooringApiException>(call);
        ((int)refusal.StatusCode).ShouldBe(code, refusal.Detail);
        return refusal.Detail;
    }
}
